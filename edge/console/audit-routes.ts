import { z } from 'zod';
import type { AuditLog } from '../core/audit.ts';
import { type ConsoleRoute, route } from './route.ts';
import type { AuditView } from './wire.ts';

const auditQuery = z.strictObject({
  before: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});

/** The routes about who did what. */
export function auditRoutes(audit: AuditLog): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/audit', policy: 'engineer', query: auditQuery },
      summary: 'Who did what, newest first, before a sequence; each entry holds the hash of the one before',
      answer: async ({ query: { before, limit } }): Promise<AuditView> => ({
        entries: await audit.list(before, limit),
      }),
    }),
  ];
}
