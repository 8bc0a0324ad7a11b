import { z } from 'zod';
import { type ConsoleFirstStart, firstDrivers } from './first-start-api.ts';
import { type ConsoleRoute, printable, route } from './route.ts';
import { tableRoute } from './table-route.ts';
import type { FirstStartOutcomeView, FirstStartView, ServerOffersView } from './wire.ts';

const maxBodyBytes = 4 * 1024 * 1024;
const place = {
  driver: z.enum(firstDrivers),
  endpoint: printable(200).min(1),
  unit: z.int().min(0).max(255).default(1),
  security: z.strictObject({ policy: printable(64).min(1), mode: printable(64).min(1) }).optional(),
  user: printable(200).default(''),
  password: z.string().max(200).default(''),
};
const asked = z.strictObject({ endpoint: place.endpoint });
const trusted = z.strictObject({ thumbprint: z.string().regex(/^[0-9a-f]{40}$/, 'expected a thumbprint') });
const upstream = z.strictObject({
  url: printable(200).default(''),
  user: printable(200).default(''),
  password: z.string().max(200).default(''),
  ca: z.string().max(65_536).default(''),
});
const wish = z.strictObject({
  gateway: z.strictObject({ id: printable(64).min(1), name: printable(200) }),
  device: z.strictObject({ id: printable(64).min(1), ...place }),
  cells: z
    .array(z.array(z.string().max(2_000)).max(256))
    .min(1)
    .max(50_001),
  upstream: upstream.prefault({}),
});
const scanned = z.strictObject({
  driver: place.driver,
  network: printable(100).min(1),
  units: printable(100).default('1'),
  from: z.int().min(0).max(65_536).default(0),
});
const tried = z.strictObject({ gateway: printable(64), upstream });

/** The routes of a gateway that has no configuration yet. */
export const firstStartRoutes = (firstStart: ConsoleFirstStart): readonly ConsoleRoute[] => [
  ...deviceRoutes(firstStart),
  ...writeRoutes(firstStart),
];

/** What there is to read, and how it is reached. */
function deviceRoutes(firstStart: ConsoleFirstStart): readonly ConsoleRoute[] {
  return [
    tableRoute(() => firstStart.readTable),
    route({
      ...{ method: 'GET', path: '/api/first-start', policy: 'engineer' },
      summary: 'What a point table may have for columns, and what networks the gateway is in',
      answer: (): FirstStartView => ({ columns: firstStart.columns, networks: firstStart.networks() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/first-start-scan', policy: 'engineer', body: scanned },
      summary: 'Asks the next addresses of a network whether there is a device; called again until all are asked',
      async answer({ body, note }) {
        note({ target: body.network });
        return firstStart.scan(body);
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/first-start-offers', policy: 'engineer', body: asked },
      summary: 'How an OPC UA server may be reached, the safest way first, and what certificate it shows',
      async answer({ body, note }): Promise<ServerOffersView> {
        note({ target: body.endpoint });
        return { offers: await firstStart.offers(body.endpoint) };
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/first-start-trust', policy: 'engineer', body: trusted },
      summary: 'Trusts the certificate that an OPC UA server showed',
      async answer({ body, note }) {
        note({ target: body.thumbprint });
        await firstStart.trust(body.thumbprint);
        return {};
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/first-start-look', policy: 'engineer', body: z.strictObject(place) },
      summary: 'Asks a device whether it is there, and what it has',
      async answer({ body, note }) {
        note({ target: body.endpoint });
        return firstStart.look(body);
      },
    }),
  ];
}

/** Where it goes, and what is written. */
function writeRoutes(firstStart: ConsoleFirstStart): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/first-start-upstream', policy: 'engineer', body: tried, maxBodyBytes },
      summary: 'Connects to the broker upstream once and takes leave; nothing is published',
      async answer({ body, note }) {
        note({ target: body.upstream.url, after: null });
        await firstStart.tryUpstream(body.upstream, body.gateway);
        return {};
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/first-start-check', policy: 'engineer', body: wish, maxBodyBytes },
      ...{ unaudited: true, summary: 'What the first configuration would be, and what is wrong with it' },
      answer: ({ body }) => firstStart.check(body),
    }),
    route({
      ...{ method: 'POST', path: '/api/first-start', policy: 'engineer', body: wish, maxBodyBytes },
      summary: 'Writes the first configuration, with which the gateway starts',
      async answer({ body, note, reply }): Promise<FirstStartOutcomeView> {
        note({ target: body.gateway.id, after: null });
        const errors = await firstStart.write(body);
        const [first] = errors;
        const { password: _, ...device } = body.device;
        note({ target: body.gateway.id, after: device, ...(first ? { refusal: first.code } : {}) });
        if (first) reply.code(422);
        else reply.raw.once('close', firstStart.begin);
        return { errors };
      },
    }),
  ];
}
