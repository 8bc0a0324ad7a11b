import { t } from '../language.ts';

interface PageStepsProps {
  readonly from: number;
  readonly shown: number;
  readonly total: number;
  readonly perPage: number;
  readonly onTurn: (from: number) => void;
}

/** Which part of a long list is shown, and the way to its other parts; nothing where all of it is. */
export function PageSteps({ from, shown, total, perPage, onTurn }: PageStepsProps) {
  if (total <= shown) return null;
  return (
    <nav class="page-steps" aria-label={t('pagesOfList')}>
      <button type="button" class="button" disabled={from === 0} onClick={() => onTurn(Math.max(0, from - perPage))}>
        {t('earlierPage')}
      </button>
      <span>
        {from + 1}–{from + shown} {t('ofAll')} {total}
      </span>
      <button type="button" class="button" disabled={from + shown >= total} onClick={() => onTurn(from + perPage)}>
        {t('laterPage')}
      </button>
    </nav>
  );
}
