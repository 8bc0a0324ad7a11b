import type { InspectionView } from '../../../wire.ts';
import { numberText } from '../format.ts';
import { t } from '../language.ts';

const rows = [
  { key: 'requests', text: 'requests', failure: false },
  { key: 'sentBytes', text: 'bytesSent', failure: false },
  { key: 'receivedBytes', text: 'bytesReceived', failure: false },
  { key: 'timeouts', text: 'timeouts', failure: true },
  { key: 'exceptions', text: 'exceptions', failure: true },
  { key: 'strays', text: 'strays', failure: true },
] as const;

/** What went over the wire and what failed on it: in the last minute, and since the gateway's start. */
export function WireTable({ wire }: { wire: InspectionView['wire'] }) {
  const { lastMinute, total } = wire;
  return (
    <section class="panel" aria-labelledby="wire-title">
      <div class="panel-head">
        <h2 id="wire-title">{t('wire')}</h2>
      </div>
      {total.requests === 0 ? (
        <p class="empty-line">{t('noWire')}</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('figure')}</th>
              <th scope="col" class="numeric">
                {t('lastMinute')}
              </th>
              <th scope="col" class="numeric">
                {t('sinceStart')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, text, failure }) => (
              <tr key={key} class={failure && lastMinute[key] > 0 ? 'row-failing' : undefined}>
                <th scope="row">{t(text)}</th>
                <td class="numeric">{numberText(lastMinute[key], 0)}</td>
                <td class="numeric">{numberText(total[key], 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
