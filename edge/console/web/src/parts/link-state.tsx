import { tOr } from '../language.ts';

/** State of a link as sign and word: grey when it works. */
export function LinkState({ state }: { state: string }) {
  const works = state === 'online' || state === 'connected';
  return (
    <span class={`link-state${works ? '' : ' link-state-broken'}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        <path d={works ? 'M5 1a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z' : 'M1.5 1.5l7 7M8.5 1.5l-7 7'} />
      </svg>
      {tOr(state)}
    </span>
  );
}
