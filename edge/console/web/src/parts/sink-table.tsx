import type { SinkView } from '../../../wire.ts';
import { durationText, numberText } from '../format.ts';
import { t } from '../language.ts';
import { LinkState } from './link-state.tsx';

/** Platforms above the gateway: whether they take events, how many they took, how many wait. */
export function SinkTable({ sinks }: { sinks: readonly SinkView[] }) {
  return (
    <section class="panel" aria-labelledby="sinks-title">
      <div class="panel-head">
        <h2 id="sinks-title">{t('sinks')}</h2>
        <span class="panel-note">{sinks.length}</span>
      </div>
      <table class="table device-table">
        <thead>
          <tr>
            <th scope="col">{t('sink')}</th>
            <th scope="col">{t('link')}</th>
            <th scope="col" class="numeric">
              {t('forwarded')}
            </th>
            <th scope="col" class="numeric">
              {t('pending')}
            </th>
            <th scope="col" class="numeric">
              {t('oldestPending')}
            </th>
            <th scope="col" class="numeric">
              {t('refusedEvents')}
            </th>
            <th scope="col">{t('lastError')}</th>
          </tr>
        </thead>
        <tbody>
          {sinks.map((sink) => (
            <tr key={sink.id} class={sink.state === 'online' ? undefined : 'row-troubled'}>
              <th scope="row">
                {sink.id}
                <span class="asset-id">
                  {sink.sink} · {sink.endpoint}
                </span>
              </th>
              <td>
                <LinkState state={sink.state} />
              </td>
              <td class="numeric">{numberText(sink.forwarded, 0)}</td>
              <td class="numeric">{numberText(sink.pending, 0)}</td>
              <td class="numeric">{sink.pending > 0 ? durationText(sink.oldestPendingMs) : '—'}</td>
              <td class="numeric">{sink.refused ? numberText(sink.refused, 0) : '—'}</td>
              <td class="trouble">{sink.lastError === '' ? <span class="none">{t('none')}</span> : sink.lastError}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
