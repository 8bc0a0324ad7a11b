import { Fragment } from 'preact';
import type { AlarmView } from '../../../wire.ts';
import { gatewayNow } from '../feed.ts';
import { momentText } from '../format.ts';
import { t } from '../language.ts';

/** What the centre has said of an alarm: where its case stands, and comments. */
export function CentreWords({ alarm }: { alarm: AlarmView }) {
  const { cityCase, comments } = alarm;
  if (!cityCase && !comments) return null;
  const now = gatewayNow();
  const moment = (at: number | null) => (at === null ? '—' : momentText(at, now));
  return (
    <section class="detail-part" aria-label={t('centre')}>
      <h3>{t('centre')}</h3>
      <dl class="facts">
        {cityCase && (
          <>
            <dt>{t('cityCase')}</dt>
            <dd>
              {cityCase.number} · <strong>{t(`stage-${cityCase.stage}`)}</strong>
              {cityCase.unit !== '' && ` · ${cityCase.unit}`}
              <span class="asset-id">
                {moment(cityCase.at)} · {cityCase.by}
              </span>
              {cityCase.note}
            </dd>
          </>
        )}
        {comments?.map(({ text, by, at }) => (
          <Fragment key={`${at} ${by} ${text}`}>
            <dt>{t('comment')}</dt>
            <dd>
              {text}
              <span class="asset-id">
                {moment(at)} · {by}
              </span>
            </dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}
