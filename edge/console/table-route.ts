import { z } from 'zod';
import type { ConsoleConfiguration } from './configuration-api.ts';
import { type ConsoleRoute, printable, route } from './route.ts';

/** As much as a configuration that is applied may have; workbooks of 50,000 points are smaller. */
const maxTableBytes = 4 * 1024 * 1024;
/** Base64 has four characters for three bytes. */
const maxBodyBytes = 4 * Math.ceil(maxTableBytes / 3) + 4_096;
const brought = z.strictObject({
  name: printable(200).min(1),
  device: printable(200),
  language: z.enum(['zh', 'en']),
  content: z.base64().min(1),
});

/** Reads a point table that somebody brings as a file; it changes nothing. */
export const tableRoute = (read: () => ConsoleConfiguration['readTable']): ConsoleRoute =>
  route({
    ...{ method: 'POST', path: '/api/point-table', policy: 'engineer', body: brought, maxBodyBytes, unaudited: true },
    summary: 'Reads a point table from a CSV or XLSX file in base64: its cells, or each mistake by sheet and cell',
    answer: ({ body: { content, ...rest } }) => read()({ ...rest, bytes: Buffer.from(content, 'base64') }),
  });
