import { z } from 'zod';
import { maxRegistersAsked } from '../core/enquiry.ts';
import { both } from '../core/text.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, onBehalf, printable, route } from './route.ts';

const registers = z.strictObject({
  kind: z.literal('registers'),
  table: z.enum(['coil', 'discrete', 'input', 'holding']),
  address: z.int().min(0).max(65_535),
  count: z.int().min(1).max(maxRegistersAsked),
  unit: printable(20).default(''),
});
const nodes = z.strictObject({ kind: z.literal('nodes'), node: printable(500).min(1).default('i=85') });
const enquiry = z.strictObject({ device: printable(200).min(1), ask: z.union([registers, nodes]), ...onBehalf });

/** What people ask of a device who put it into service. */
export const enquiryRoutes = (source: ConsoleSource): readonly ConsoleRoute[] => [
  route({
    ...{ method: 'POST', path: '/api/device-enquiry', policy: 'engineer', body: enquiry },
    summary:
      'Reads registers of a device as every type and order, or what an OPC UA server has below a node; nothing is written',
    async answer({ body: { device, ask }, note }) {
      note({ target: device, after: ask });
      if (!source.devices().some(({ id }) => id === device))
        throw consoleErrors.create('NOT-FOUND', both(`ask ${device}: no such device`, `询问 ${device}：没有此设备`));
      return source.ask(device, ask);
    },
  }),
];
