import type { DeadLettersView } from '../../wire.ts';
import { getJson, postJson } from './feed.ts';

/** What the far end of a sink does not take. */
export const readDeadLetters = (sink: string): Promise<DeadLettersView> =>
  getJson(`/api/dead-letters?${new URLSearchParams({ sink })}`);

/** Ids that one request may name. */
const idsPerRequest = 30;

/** Sends dead letters again or lets them go, in the name of a person; resolves with how many. Throws when the gateway refuses. */
export async function dealWith(
  did: 'resend' | 'discard',
  sink: string,
  ids: readonly string[],
  by: string,
): Promise<number> {
  let total = 0;
  for (let at = 0; at < ids.length; at += idsPerRequest) {
    const some = ids.slice(at, at + idsPerRequest);
    const { count } = await postJson<{ count: number }>(`/api/dead-letters-${did}`, { sink, ids: some, by });
    total += count;
  }
  return total;
}
