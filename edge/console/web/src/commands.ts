import type { CommandView } from '../../wire.ts';
import { gatewayNow, postJson } from './feed.ts';
import { t } from './language.ts';
import { ownName } from './operator.ts';

/** A command that comes later than this is for another situation than the one that was looked at, ms. */
const lifetimeMs = 30_000;

/** What is wanted of an output, and why. */
export interface Wanted {
  readonly tag: string;
  readonly value: number;
  readonly why: string;
}

/** The last command whose answer did not come. */
let unanswered: (Wanted & { readonly id: string; readonly expires: number }) | undefined;

/** The same command where the last answer to it got lost, so that it is carried out once; else a new one. */
function commandOf(wanted: Wanted) {
  const { tag, value, why } = unanswered ?? {};
  if (unanswered && tag === wanted.tag && value === wanted.value && why === wanted.why) return unanswered;
  const expires = Math.round(gatewayNow()) + lifetimeMs;
  // two commands to one tag within a millisecond may be one: the second would be refused either way
  return { ...wanted, id: `console/${expires}/${wanted.tag}`.slice(0, 200), expires };
}

/** Sets an output; throws as `postJson` does when it is refused, and says so when no answer came. */
export async function command(wanted: Wanted): Promise<CommandView> {
  const one = commandOf(wanted);
  unanswered = one;
  const ended = postJson<CommandView>('/api/command', { ...one, by: ownName() });
  return ended.then(
    (view) => {
      unanswered = undefined;
      return view;
    },
    (error: unknown) => {
      // fetch rejects with a TypeError where no answer came
      if (error instanceof TypeError) throw new Error(t('commandUnanswered'));
      unanswered = undefined;
      throw error;
    },
  );
}
