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
const wish = z.strictObject({
  gateway: z.strictObject({ id: printable(64).min(1), name: printable(200) }),
  device: z.strictObject({ id: printable(64).min(1), ...place }),
  cells: z
    .array(z.array(z.string().max(2_000)).max(256))
    .min(1)
    .max(50_001),
  broker: printable(200),
});

/** The routes of a gateway that has no configuration yet. */
export function firstStartRoutes(firstStart: ConsoleFirstStart): readonly ConsoleRoute[] {
  return [
    tableRoute(() => firstStart.readTable),
    route({
      ...{ method: 'GET', path: '/api/first-start', policy: 'engineer' },
      summary: 'What a point table may have for columns',
      answer: (): FirstStartView => ({ columns: firstStart.columns }),
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
