import { expect, it } from 'vitest';
import { watch } from '../training/claims.ts';

const power = await watch('power.transformer', 733, '2026-02-16T00:00:00+08:00', 3);

it('a runaway tap changer is told from what its load lets expect, a switched line and a quiet day are not', async () => {
  expect(await power.claims(24)).toEqual([]);
  const happenings = [
    { kind: 'power.tap-runaway', target: 'transformer-21', magnitude: 6, atH: 9, hours: 1 },
    { kind: 'power.planned-switching', target: 'feeder-3', magnitude: 1, atH: 13, hours: 1 },
  ];
  expect(await power.claims(16, happenings)).toEqual(['transformer-21/tap-runaway']);
});
