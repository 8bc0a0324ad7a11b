import type { DrawnLink } from './networks.tsx';
import { t } from './texts.ts';

const assetSigns = ['struck', 'affected', 'dark', 'decoy', 'companion'] as const;
const linkSigns = ['leaking', 'blocked', 'dead', 'weak', 'strained', 'still'] as const;

/** What the signs of the map mean, and how many links are not as usual. */
export function MapLegend({ drawn }: { drawn: readonly DrawnLink[] }) {
  return (
    <p class="map-legend">
      {assetSigns.map((sign) => (
        <span key={sign} class={`legend legend-${sign}`}>
          {t(sign)}
        </span>
      ))}
      {linkSigns.map((sign) => {
        const count = drawn.filter(({ state }) => state === sign).length;
        return (
          <span key={sign} class="legend-line" data-state={sign}>
            <svg width="24" height="8" aria-hidden="true">
              <path class={`map-link net net-${sign}`} d="M1 4H23" />
            </svg>
            {t(sign)}
            {count > 0 && sign !== 'still' && <strong>{count}</strong>}
          </span>
        );
      })}
      <span class="map-truth">{t('truthHint')}</span>
    </p>
  );
}
