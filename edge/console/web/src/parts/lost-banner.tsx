import { gatewayNow, type Picture } from '../feed.ts';
import { durationText, momentText } from '../format.ts';
import { t } from '../language.ts';

/** Says that nothing on the page is fresh any more, and since when. */
export function LostBanner({ picture }: { picture: Picture }) {
  const now = gatewayNow();
  return (
    <div class="lost" role="alert">
      <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M3 17 17 3M6.5 6.5a5 5 0 0 1 7 0M4 9a8 8 0 0 1 3-3M9 13.5a2 2 0 0 1 2.5.5" />
      </svg>
      <strong>{t('lostBanner')}</strong>
      <span aria-live="off">
        {momentText(picture.aliveAt, now)} · {t('lostSince')} {durationText(now - picture.aliveAt)}
      </span>
    </div>
  );
}
