import type { Picture } from '../feed.ts';
import { t } from '../language.ts';
import { SinkDetail } from '../parts/sink-detail.tsx';
import { SinkTable } from '../parts/sink-table.tsx';

/** The platforms above the gateway, and the one looked at: the chosen one, else one in trouble, else the first. */
export function UpstreamPage({ picture, selected }: { picture: Picture; selected: string }) {
  const { sinks } = picture.devices;
  const sink =
    sinks.find(({ id }) => id === selected) ??
    sinks.find(({ state, deadLetters = 0 }) => state !== 'online' || deadLetters > 0) ??
    sinks[0];
  return (
    <div class="stack">
      <h1 class="hidden">{t('upstream')}</h1>
      {sink ? (
        <>
          <SinkTable sinks={sinks} selected={sink.id} />
          <SinkDetail sink={sink} />
        </>
      ) : (
        <p class="panel empty">{t('noSinks')}</p>
      )}
    </div>
  );
}
