import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { bench, calibrationFile, limit } from './plant.ts';

const roles = ['flow', 'level', 'pressure', 'power', 'energy'];
/** Noise of 0.35 about 50, between 47 and 53 in normal operation: beyond 42 and 58 is out of range. */
const measured = { differenceScale: 0.5, longestRun: 2, thereAndBack: 2, largestStep: 3, range: { low: 47, high: 53 } };
const total = { differenceScale: 0.05, longestRun: 0, thereAndBack: 0, largestStep: 6 };
const tags = Object.fromEntries(roles.map((role) => [`plc/${role}`, role === 'energy' ? total : measured]));

const plant = (judged: readonly string[] = []) =>
  bench({
    ...{ roles, limits: judged.map((role) => limit({ kind: `${role}-high`, role, above: 1000 })) },
    parts: { calibrationFile: calibrationFile({ tags }) },
  });
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

describe('an instrument that drifts', () => {
  it('is found when it has long been beyond its range alone, and let go when it is mended', async () => {
    const one = plant();
    const random = seededRandom(31);
    await run(one, random, [0, 1500], (at) => ({ level: drift(at) }));
    expect(kinds(one)).toEqual(['+drift']);
    expect(one.findings[0]).toMatchObject({ asset: 'a-1', evidence: [{ tag: 'plc/level' }] });
    await run(one, random, [1500, 2100]);
    expect(kinds(one)).toEqual(['+drift', '-drift']);
  });

  it('is told of by the leap of its mending where it was not found before', async () => {
    const one = plant();
    const random = seededRandom(32);
    await run(one, random, [0, 800], (at) => ({ level: drift(at) }));
    expect(kinds(one)).toEqual([]);
    await run(one, random, [800, 1400]);
    expect(kinds(one)).toEqual(['+drift', '-drift']);
  });

  it('is taken for the plant when another value of its unit goes the same way, and left to what a pack says of it', async () => {
    const two = plant();
    await run(two, seededRandom(33), [0, 1800], (at) => ({ level: drift(at), power: drift(at) / 2 }));
    expect(kinds(two)).toEqual([]);
    const judged = plant(['level']);
    await run(judged, seededRandom(34), [0, 1800], (at) => ({ level: drift(at) }));
    expect(kinds(judged)).toEqual([]);
  });

  it('stands over a restart and ends after it', async () => {
    const before = plant();
    const random = seededRandom(35);
    await run(before, random, [0, 1500], (at) => ({ level: drift(at) }));
    const after = plant();
    after.detection.restore(JSON.parse(JSON.stringify(before.detection.snapshot())));
    expect(after.detection.status().active).toEqual(['a-1/drift']);
    await run(after, random, [1500, 1600], (at) => ({ level: drift(at) }));
    expect(kinds(after)).toEqual([]);
    await run(after, random, [1600, 2200]);
    expect(kinds(after)).toEqual(['-drift']);
  });
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
