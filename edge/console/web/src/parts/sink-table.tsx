import type { SinkView } from '../../../wire.ts';
import { durationText, numberText } from '../format.ts';
import { t } from '../language.ts';
import { href } from '../routes.ts';
import { LinkState } from './link-state.tsx';
import { Trouble } from './trouble.tsx';

/** Platforms above the gateway: whether they take events, how many they took, how many wait. */
export function SinkTable({ sinks, selected }: { sinks: readonly SinkView[]; selected: string }) {
  return (
    <section class="panel" aria-labelledby="sinks-title">
      <div class="panel-head">
        <h2 id="sinks-title">{t('upstream')}</h2>
        <span class="panel-note">{sinks.length}</span>
      </div>
      <table class="table device-table sink-table">
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
              {t('deadLetters')}
            </th>
            <th scope="col">{t('lastError')}</th>
          </tr>
        </thead>
        <tbody>
          {sinks.map((sink) => (
            <tr key={sink.id} class={sink.state === 'online' ? undefined : 'row-troubled'}>
              <th scope="row">
                <a href={href('upstream', sink.id)} aria-current={sink.id === selected ? 'true' : undefined}>
                  {sink.id}
                </a>
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
              <td class="numeric">{sink.deadLetters ? numberText(sink.deadLetters, 0) : '—'}</td>
              <td class="trouble">
                <Trouble said={sink.lastError} problem={sink.problem} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
