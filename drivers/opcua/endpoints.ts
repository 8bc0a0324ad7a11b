import { delay } from '../../edge/core/clock.ts';
import type { DriverHost } from '../api.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import type { OpcuaStack } from './stack.ts';

/** How long the first endpoint has before the next one is tried beside it: a dead server must not cost its timeout. */
const headStartMs = 500;

/** A connection with the words for where it leads. */
export interface Chosen {
  readonly connection: Connection;
  readonly target: string;
}

/**
 * Connects to the first of redundant endpoints that answers, in their order, each with a head start before the next;
 * the others are closed again. Rejects with the error of the first one when none answers.
 */
export async function openFirst(
  stack: OpcuaStack,
  channels: readonly ConnectionOptions[],
  host: DriverHost,
  signal: AbortSignal,
): Promise<Chosen> {
  const over = new AbortController();
  const ends = AbortSignal.any([signal, over.signal]);
  const failed = channels.map(() => new AbortController());
  const attempts = channels.map(async (channel, index) => {
    if (index > 0) {
      const before = failed[index - 1];
      const next = before ? AbortSignal.any([ends, before.signal]) : ends;
      await delay(host.clock, index * headStartMs, next);
    }
    if (over.signal.aborted) throw new Error('another endpoint answered first');
    try {
      const connection = await openConnection(stack, channel, host, ends);
      return { connection, target: channel.target };
    } catch (error) {
      failed[index]?.abort();
      throw error;
    }
  });
  try {
    const chosen = await Promise.any(attempts);
    closeOthers(attempts, chosen);
    return chosen;
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error];
    throw first;
  } finally {
    over.abort();
  }
}

function closeOthers(attempts: readonly Promise<Chosen>[], chosen: Chosen): void {
  for (const attempt of attempts) {
    attempt.then((late) => (late === chosen ? undefined : late.connection.close())).catch(() => undefined);
  }
}
