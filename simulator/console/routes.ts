import { z } from 'zod';
import { consoleErrors } from '../../edge/console/errors.ts';
import type { ConsoleRoute } from '../../edge/console/routes.ts';
import { describeError, LifelineError } from '../../edge/core/errors.ts';
import { fastest, type Pace } from '../city/pace.ts';
import type { CityDesk } from './desk.ts';

const longestStepS = 86_400;
const longestS = 31 * 86_400;

const nowQuery = z.strictObject({
  since: z.coerce.number().int().min(0).default(0),
  links: z.coerce.number().int().min(0).default(0),
  plc: z.string().min(1).max(200).optional(),
});
const kindQuery = z.strictObject({ kind: z.string().min(1).max(200) });
const plcQuery = z.strictObject({ id: z.string().min(1).max(200) });
const wish = z.strictObject({
  kind: z.string().min(1).max(200),
  target: z.string().min(1).max(200),
  magnitude: z.number(),
  durationS: z.number().min(0).max(longestS),
  rampS: z.number().min(0).max(longestS).default(0),
});
const ending = z.strictObject({ id: z.string().min(1).max(200) });
const clockOrder = z.union([
  z.strictObject({ speed: z.union([z.literal('max'), z.number().min(0).max(fastest)]) }),
  z.strictObject({ stepS: z.number().positive().max(longestStepS) }),
]);

/** What the city refuses is a request that cannot be met, in the words and with the code of the city. */
function met<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    throw consoleErrors.create('REQUEST', describeError(error));
  }
}

/** The routes of the city's page. */
export function cityRoutes(desk: CityDesk, pace: Pace): readonly ConsoleRoute[] {
  return [
    { method: 'GET', path: '/api/city', policy: 'read', answer: () => desk.view },
    {
      method: 'GET',
      path: '/api/now',
      policy: 'read',
      answer(request) {
        const { since, links, plc } = nowQuery.parse(request.query);
        return met(() => desk.now(since, links, plc));
      },
    },
    {
      method: 'GET',
      path: '/api/targets',
      policy: 'read',
      answer: (request) => met(() => desk.targets(kindQuery.parse(request.query).kind)),
    },
    {
      method: 'GET',
      path: '/api/points',
      policy: 'read',
      answer: (request) => met(() => desk.points(plcQuery.parse(request.query).id)),
    },
    {
      method: 'POST',
      path: '/api/happen',
      policy: 'act',
      answer: (request) => met(() => desk.happen(wish.parse(request.body))),
    },
    {
      method: 'POST',
      path: '/api/end',
      policy: 'act',
      answer: (request) => met(() => desk.end(ending.parse(request.body).id)),
    },
    {
      method: 'POST',
      path: '/api/clock',
      policy: 'act',
      answer(request) {
        const order = clockOrder.parse(request.body);
        if ('stepS' in order) pace.step(order.stepS);
        else pace.speed = order.speed;
        return { speed: pace.speed };
      },
    },
  ];
}
