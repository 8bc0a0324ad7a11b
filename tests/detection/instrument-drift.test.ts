import { expect, it } from 'vitest';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { bench, calibrationFile } from './plant.ts';

const roles = ['flow', 'level', 'pressure', 'power', 'energy'];
/** Noise of 0.35 about 50, between 47 and 53 in normal operation: beyond 42 and 58 is out of range. */
const measured = { differenceScale: 0.5, longestRun: 2, thereAndBack: 2, largestStep: 3, range: { low: 47, high: 53 } };
const total = { differenceScale: 0.05, longestRun: 0, thereAndBack: 0, largestStep: 6 };
const tags = Object.fromEntries(roles.map((role) => [`plc/${role}`, role === 'energy' ? total : measured]));

const plant = () => bench({ roles, parts: { calibrationFile: calibrationFile({ tags }) } });
type Plant = ReturnType<typeof plant>;

/** Seconds of a plant in which each role of `off` is so much too high, by second. */
async function run(
  { second }: Plant,
  random: Random,
  [from, to]: readonly [from: number, to: number],
  off: (at: number) => Readonly<Record<string, number>> = () => ({}),
) {
  for (let at = from; at < to; at++) {
    const wrong = off(at);
    const usual = (role: string) => (role === 'energy' ? 1000 + at / 20 : 50 + 0.35 * random.normal());
    await second(Object.fromEntries(roles.map((role) => [role, usual(role) + (wrong[role] ?? 0)])));
  }
}

const kinds = ({ findings }: Plant) => findings.map(({ kind, active }) => `${active ? '+' : '-'}${kind}`);
const drift = (at: number) => Math.max(0, at - 60) / 40;

it('a drift is told of by the leap of its mending, and not before: a value beyond its range may be the plant', async () => {
  const one = plant();
  const random = seededRandom(32);
  await run(one, random, [0, 1500], (at) => ({ level: drift(at) }));
  expect(kinds(one)).toEqual([]);
  await run(one, random, [1500, 2100]);
  expect(kinds(one)).toEqual(['+drift', '-drift']);
  expect(one.findings[0]).toMatchObject({ asset: 'a-1', evidence: [{ tag: 'plc/level' }] });
});

it('a total that stood still is stuck, which its leap tells when it goes on', async () => {
  const one = plant();
  const random = seededRandom(36);
  await run(one, random, [0, 120]);
  await run(one, random, [120, 420], (at) => ({ energy: (120 - at) / 20 }));
  expect(kinds(one)).toEqual([]);
  await run(one, random, [420, 1000]);
  expect(kinds(one)).toEqual(['+stuck', '-stuck']);
});

it('is no drift that a leap began, nor noise that goes beyond and comes back, and what leaps home is no bias', async () => {
  const one = plant();
  const random = seededRandom(37);
  await run(one, random, [0, 300]);
  // two leap away in one minute, so that neither is known for an instrument's, and one of them home by itself
  await run(one, random, [300, 900], () => ({ level: 30, pressure: -30 }));
  await run(one, random, [900, 1500], () => ({ pressure: -30 }));
  expect(kinds(one)).toEqual([]);
  const noisy = plant();
  await run(noisy, random, [0, 300]);
  await run(noisy, random, [300, 900], () => ({ level: 12 * random.normal() }));
  expect(kinds(noisy)).not.toContain('+drift');
});
