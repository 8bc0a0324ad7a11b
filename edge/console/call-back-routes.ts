import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { both } from '../core/text.ts';
import type { ConsoleReceipt, ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, route } from './route.ts';

const query = z.strictObject({ sink: z.string().min(1).max(64) });

/** Answers to what was refused, by its code; another refusal is 422. */
const statuses: Readonly<Record<string, number>> = {
  'LL-CALLBACK-UNREADABLE': 400,
  'LL-CALLBACK-SIGNATURE': 401,
  'LL-ORDER-FORBIDDEN': 403,
  'LL-CALLBACK-CASE': 404,
  'LL-ORDER-UNKNOWN': 404,
  'LL-ORDER-BUSY': 503,
  'LL-ORDER-AUDIT': 503,
};

/** The route by which the far ends of sinks report back. */
export function callBackRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/call-back', policy: 'signed', query },
      summary: 'What the far end of a sink reports back, signed',
      async answer({ query: { sink }, request, reply }): Promise<ConsoleReceipt> {
        const [timestamp, signature] = [
          headerOf(request, 'lifeline-timestamp'),
          headerOf(request, 'lifeline-signature'),
        ];
        const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
        const taken = source.callBack(sink, { timestamp, signature, body });
        if (!taken)
          throw consoleErrors.create(
            'NOT-FOUND',
            both(
              `call back to ${sink}: no such sink, or it takes nothing`,
              `回调 ${sink}：没有此上级平台，或它不接收回调`,
            ),
          );
        const receipt = await taken;
        if (receipt.status === 'refused') reply.code(statuses[receipt.reason.split(' ', 1)[0] ?? ''] ?? 422);
        return receipt;
      },
    }),
  ];
}

function headerOf({ headers }: FastifyRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
