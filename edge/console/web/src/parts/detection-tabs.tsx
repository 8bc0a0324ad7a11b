import { t } from '../language.ts';
import { href } from '../routes.ts';

/** The pages that stand together under detection, by route. */
export const detectionPages: readonly string[] = ['detection', 'incidents', 'models', 'verdicts'];

/** The way between them. */
export function DetectionTabs({ here }: { here: 'detection' | 'incidents' | 'models' | 'verdicts' }) {
  return (
    <nav class="tabs" aria-label={t('detectionPages')}>
      <a href={href('detection')} aria-current={here === 'detection' ? 'page' : undefined}>
        {t('detectors')}
      </a>
      <a href={href('incidents')} aria-current={here === 'incidents' ? 'page' : undefined}>
        {t('incidents')}
      </a>
      <a href={href('models')} aria-current={here === 'models' ? 'page' : undefined}>
        {t('models')}
      </a>
      <a href={href('verdicts')} aria-current={here === 'verdicts' ? 'page' : undefined}>
        {t('verdicts')}
      </a>
    </nav>
  );
}

/** What stands in the place of a page that is read for the first time, or that could not be read. */
export function Unread({ problem }: { problem: string }) {
  return problem === '' ? (
    <p class="empty-line">{t('loadingDetection')}</p>
  ) : (
    <p class="panel empty-line problem" role="status">
      {problem}
    </p>
  );
}
