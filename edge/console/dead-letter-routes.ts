import { z } from 'zod';
import { both } from '../core/text.ts';
import type { ConsoleDeadLetters, ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, onBehalf, printable, route, signed } from './route.ts';
import type { DeadLettersView } from './wire.ts';

/** Ids of one request; so many still fit into its body. */
const maxIds = 30;

const sinkId = z.string().min(1).max(64);
const query = z.strictObject({ sink: sinkId });
const resending = z.strictObject({
  sink: sinkId,
  ids: z.array(printable(200)).min(1).max(maxIds).optional(),
  ...onBehalf,
});
const discarding = resending.required({ ids: true });

/** The routes about events that a far end does not take. */
export function deadLetterRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  const office = (sink: string): ConsoleDeadLetters => {
    const found = source.deadLetters(sink);
    if (found) return found;
    throw consoleErrors.create(
      'NOT-FOUND',
      both(`dead letters of ${sink}: no such sink, or it keeps none`, `${sink} 的死信：没有此上级平台，或它不保留死信`),
    );
  };
  return [
    route({
      ...{ method: 'GET', path: '/api/dead-letters', policy: 'viewer', query },
      summary: 'Events that the far end of a sink does not take, the oldest first',
      answer: (call): DeadLettersView => ({ letters: office(call.query.sink).list() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/dead-letters-resend', policy: 'operator', body: resending },
      summary: 'Sends dead letters of a sink again, all where no ids are given',
      answer: async (call) => ({ count: await office(call.body.sink).resend(call.body.ids, signed(call)) }),
    }),
    route({
      ...{ method: 'POST', path: '/api/dead-letters-discard', policy: 'operator', body: discarding },
      summary: 'Lets dead letters of a sink go for good',
      answer: async (call) => ({ count: await office(call.body.sink).discard(call.body.ids, signed(call)) }),
    }),
  ];
}
