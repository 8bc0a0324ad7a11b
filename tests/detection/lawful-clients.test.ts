import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { bench } from './plant.ts';

const { packs } = await loadPacks('models');
const limits = packs.get('plc')?.assets['controller']?.limits.filter(({ kind }) => kind === 'foreign-client') ?? [];

it('a PLC may have its gateway, each lawful client and, with the key on maintenance, one more, and nobody besides', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(4), fc.boolean(), fc.nat(8), async (lawful, maintained, clients) => {
      const lawfulClients = Array.from({ length: lawful }, (_, place) => `10.0.0.${place + 5}`);
      const { second, findings } = bench({ roles: ['clients', 'maintenance'], limits, lawfulClients });
      for (let count = 0; count < 12; count++) await second({ clients, maintenance: Number(maintained) });
      const allowed = 1 + lawful + Number(maintained);
      expect(findings.map(({ active }) => active)).toEqual(clients > allowed ? [true] : []);
      if (clients > allowed) expect(findings[0]?.evidence[0]).toMatchObject({ observed: clients, expected: allowed });
    }),
  );
});
