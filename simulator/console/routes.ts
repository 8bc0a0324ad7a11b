import { z } from 'zod';
import { consoleErrors } from '../../edge/console/errors.ts';
import { type ConsoleRoute, route } from '../../edge/console/route.ts';
import { errorWithin, LifelineError } from '../../edge/core/errors.ts';
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
    throw consoleErrors.create('REQUEST', errorWithin(error));
  }
}

/** The routes of the city's page. */
export function cityRoutes(desk: CityDesk, pace: Pace): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/city', policy: 'viewer' },
      summary: 'The city as it is built',
      answer: () => desk.view,
    }),
    route({
      ...{ method: 'GET', path: '/api/now', policy: 'viewer', query: nowQuery },
      summary: 'The city as it stands, with what is new since a mark',
      answer: ({ query: { since, links, plc } }) => met(() => desk.now(since, links, plc)),
    }),
    route({
      ...{ method: 'GET', path: '/api/targets', policy: 'viewer', query: kindQuery },
      summary: 'What a kind of happening can happen to',
      answer: ({ query }) => met(() => desk.targets(query.kind)),
    }),
    route({
      ...{ method: 'GET', path: '/api/points', policy: 'viewer', query: plcQuery },
      summary: 'The points of a PLC',
      answer: ({ query }) => met(() => desk.points(query.id)),
    }),
    route({
      ...{ method: 'POST', path: '/api/happen', policy: 'operator', body: wish },
      summary: 'Lets something happen',
      answer: ({ body }) => met(() => desk.happen(body)),
    }),
    route({
      ...{ method: 'POST', path: '/api/end', policy: 'operator', body: ending },
      summary: 'Ends a happening',
      answer: ({ body }) => met(() => desk.end(body.id)),
    }),
    route({
      ...{ method: 'POST', path: '/api/clock', policy: 'operator', body: clockOrder },
      summary: 'Sets the speed of the clock, or moves it by a step',
      answer({ body }) {
        if ('stepS' in body) pace.step(body.stepS);
        else pace.speed = body.speed;
        return { speed: pace.speed };
      },
    }),
  ];
}
