import type { InspectionView } from '../../../wire.ts';
import { numberText, periodText } from '../format.ts';
import { t } from '../language.ts';

/** How long answers took, by doubling: a bar and a number each. */
export function RoundTrips({ roundTrips }: { roundTrips: InspectionView['wire']['roundTrips'] }) {
  const { count, p50Ms, p99Ms, bars } = roundTrips;
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <section class="panel" aria-labelledby="round-trips-title">
      <div class="panel-head">
        <h2 id="round-trips-title">{t('roundTrips')}</h2>
        {count > 0 && (
          <span class="panel-note">
            p50 {numberText(p50Ms, 1)} ms · p99 {numberText(p99Ms, 1)} ms
          </span>
        )}
      </div>
      {count === 0 ? (
        <p class="empty-line">{t('noData')}</p>
      ) : (
        <table class="table round-trips">
          <thead>
            <tr>
              <th scope="col" class="numeric">
                {t('upTo')}
              </th>
              <th scope="col">
                <span class="hidden">{t('share')}</span>
              </th>
              <th scope="col" class="numeric">
                {t('answers')}
              </th>
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.upToMs}>
                <th scope="row" class="numeric">
                  {periodText(bar.upToMs)}
                </th>
                <td>
                  <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={bar.count === 0 ? 0 : Math.max(0.5, (100 * bar.count) / most)} height="10" />
                  </svg>
                </td>
                <td class="numeric">{numberText(bar.count, 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
