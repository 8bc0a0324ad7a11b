import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { Standing } from '../../edge/detection/standing.ts';
import { bench, calibrationFile } from './plant.ts';

const tag = { differenceScale: 0.2, longestRun: 2, thereAndBack: 1, largestStep: 4 };
const jumps = [
  { role: 'flow', moves: 'up' },
  { role: 'pressure', moves: 'down' },
];

/** A district that draws 50 at 40 and never changes by more than 4 within a minute. */
function district(
  when?: { readonly role: string; readonly equals: number },
  calibrated: readonly string[] = ['flow', 'pressure'],
  asked: readonly object[] = jumps,
) {
  const random = seededRandom(3);
  const tags = Object.fromEntries(calibrated.map((role) => [`plc/${role}`, tag]));
  const plant = bench({
    roles: ['flow', 'pressure', 'open'],
    detectors: [{ detector: 'jump', kind: 'broken-main', options: { jumps: asked, ...(when ? { when } : {}) } }],
    parts: { calibrationFile: calibrationFile({ tags }) },
  });
  const pass = async (seconds: number, flow: number, pressure: number, open = 1) => {
    for (let s = 0; s < seconds; s++) {
      const noise = () => 0.1 * random.normal();
      await plant.second({ flow: flow + noise(), pressure: pressure + noise(), open });
    }
  };
  const said = () => plant.findings.map(({ kind, active }) => `${active ? '+' : '-'}${kind}`);
  return { ...plant, pass, said };
}

describe('a jump', () => {
  it('is claimed within seconds when all have jumped their way, and ends when one has come back', async () => {
    const { pass, said, findings } = district();
    await pass(90, 50, 40);
    await pass(4, 60, 30);
    expect(said()).toEqual(['+broken-main']);
    const [{ evidence }] = findings as [(typeof findings)[number]];
    expect(evidence.map(({ observed, expected }) => [Math.round(observed), Math.round(expected)])).toEqual([
      [60, 50],
      [30, 40],
    ]);
    await pass(600, 60, 30);
    expect(said()).toEqual(['+broken-main']);
    await pass(59, 60, 40);
    expect(said()).toEqual(['+broken-main']);
    await pass(3, 60, 40);
    expect(said()).toEqual(['+broken-main', '-broken-main']);
  });

  it('is none before one has passed the value that it is asked to', async () => {
    const low = { ...jumps[1], beyond: 28 };
    const { pass, said } = district(undefined, undefined, [{ role: 'flow', moves: 'up' }, low]);
    await pass(90, 50, 40);
    await pass(90, 60, 30);
    expect(said()).toEqual([]);
    await pass(10, 70, 22);
    expect(said()).toEqual(['+broken-main']);
  });

  it('is none where what is taken off moves alike, and tells what was to be expected by it', async () => {
    const { pass, said, findings } = district(undefined, undefined, [
      { role: 'pressure', less: 'flow', moves: 'down' },
    ]);
    await pass(90, 50, 40);
    await pass(90, 30, 20);
    expect(said()).toEqual([]);
    await pass(10, 45, 20);
    expect(said()).toEqual(['+broken-main']);
    const [{ evidence }] = findings as [(typeof findings)[number]];
    expect(evidence.map(({ observed, expected }) => [Math.round(observed), Math.round(expected)])).toEqual([[20, 35]]);
  });

  it('is none when one of them stays, moves the other way, or changes no faster than it ever did', async () => {
    const { pass, said } = district();
    await pass(90, 50, 40);
    await pass(70, 60, 40);
    await pass(70, 50, 30);
    await pass(70, 60, 50);
    for (let flow = 50; flow < 90; flow++) await pass(12, flow, 90 - flow);
    expect(said()).toEqual([]);
  });

  it('rests on no value that is not trusted, nor on what came before its condition held', async () => {
    const { pass, said, second } = district({ role: 'open', equals: 1 });
    await pass(90, 50, 40);
    for (let s = 0; s < 30; s++) await second({ flow: 70, pressure: 20, open: 1 }, Quality.comm);
    await pass(90, 50, 40, 0);
    await pass(90, 70, 20, 1);
    expect(said()).toEqual([]);
    await pass(4, 80, 10, 1);
    expect(said()).toEqual(['+broken-main']);
  });

  it('goes on after a restart, and is off without calibration', async () => {
    const before = district();
    await before.pass(90, 50, 40);
    await before.pass(10, 60, 30);
    const after = district();
    after.detection.restore(JSON.parse(JSON.stringify(before.detection.snapshot())));
    await after.pass(100, 60, 30);
    expect(after.said()).toEqual([]);
    await after.pass(70, 50, 40);
    expect(after.said()).toEqual(['-broken-main']);
    const without = district(undefined, ['flow']);
    await without.pass(90, 50, 40);
    await without.pass(10, 60, 30);
    expect(without.said()).toEqual([]);
  });
});

describe('a claim', () => {
  it('begins with the first detector that makes it and ends with the last', () => {
    const standing = new Standing();
    const say = (from: string, active: boolean) =>
      standing.take({ asset: 'a', kind: 'k', from, active, score: 1, time: 0, evidence: [] });
    expect([say('jump', true), say('residual', true), say('jump', false)]).toEqual([true, false, false]);
    expect([standing.has('a/k'), say('residual', false), standing.has('a/k')]).toEqual([true, true, false]);
  });
});
