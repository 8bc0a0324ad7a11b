import { z } from 'zod';
import { both } from '../core/text.ts';
import { answerWith, base } from './configuration-routes.ts';
import { consoleErrors } from './errors.ts';
import type { ConsoleOffers } from './offers-api.ts';
import { type ConsoleRoute, onBehalf, printable, route, signed } from './route.ts';
import type { OffersView } from './wire.ts';

const query = z.strictObject({ number: z.coerce.number().int().positive() });
const number = z.int().positive();
const applying = z.strictObject({ number, base, ...onBehalf });
const refusing = z.strictObject({ number, why: printable(200).min(1), ...onBehalf });

/** The routes about configurations that the centre offers; none waits where the gateway was not started from files. */
export function offerRoutes(offers: ConsoleOffers | undefined): readonly ConsoleRoute[] {
  const gone = (which: number): never => {
    throw consoleErrors.create(
      'NOT-FOUND',
      both(`look for offer ${which}: none of that number waits`, `查找下发配置 ${which}：没有此编号的待处理项`),
    );
  };
  return [
    route({
      ...{ method: 'GET', path: '/api/configuration-offers', policy: 'engineer' },
      summary: 'Configurations that the centre offers and the last that were decided, newest first',
      answer: (): OffersView => ({ offers: offers?.list() ?? [] }),
    }),
    route({
      ...{ method: 'GET', path: '/api/configuration-offer', policy: 'engineer', query },
      summary: 'What an offer would change now, and what is wrong with it',
      answer: async (call) => (await offers?.look(call.query.number)) ?? gone(call.query.number),
    }),
    route({
      ...{ method: 'POST', path: '/api/configuration-offer-apply', policy: 'engineer', body: applying },
      summary: 'Puts an offer in force, all of it or nothing; 409 with the difference where somebody was faster',
      async answer(call) {
        const target = `offer ${call.body.number}`;
        call.note({ target, before: call.body.base, after: null });
        const outcome = await offers?.apply(call.body.number, call.body.base, signed(call));
        return answerWith(call, outcome ?? gone(call.body.number), target);
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/configuration-offer-refuse', policy: 'engineer', body: refusing },
      summary: 'Refuses an offer; the centre is told why',
      async answer(call): Promise<OffersView> {
        const { number, why } = call.body;
        call.note({ target: `offer ${number}`, after: { refused: why } });
        if (!(await offers?.refuse(number, why, signed(call)))) gone(number);
        return { offers: offers?.list() ?? [] };
      },
    }),
  ];
}
