import { z } from 'zod';
import type { ConsoleDeadLetters, ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, printable } from './routes.ts';
import type { DeadLettersView } from './wire.ts';

/** Ids of one request; so many still fit into its body. */
const maxIds = 30;

const sinkId = z.string().min(1).max(64);
const query = z.strictObject({ sink: sinkId });
const resending = z.strictObject({
  sink: sinkId,
  ids: z.array(printable(200)).min(1).max(maxIds).optional(),
  by: printable(64).min(1),
});
const discarding = resending.required();

/** The routes about events that a far end does not take. */
export function deadLetterRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  const office = (sink: string): ConsoleDeadLetters => {
    const found = source.deadLetters(sink);
    if (found) return found;
    throw consoleErrors.create('NOT-FOUND', `dead letters of ${sink}: no such sink, or it keeps none`);
  };
  return [
    {
      method: 'GET',
      path: '/api/dead-letters',
      policy: 'read',
      answer: (request): DeadLettersView => ({ letters: office(query.parse(request.query).sink).list() }),
    },
    {
      method: 'POST',
      path: '/api/dead-letters-resend',
      policy: 'act',
      async answer(request) {
        const { sink, ids, by } = resending.parse(request.body);
        return { count: await office(sink).resend(ids, by) };
      },
    },
    {
      method: 'POST',
      path: '/api/dead-letters-discard',
      policy: 'act',
      async answer(request) {
        const { sink, ids, by } = discarding.parse(request.body);
        return { count: await office(sink).discard(ids, by) };
      },
    },
  ];
}
