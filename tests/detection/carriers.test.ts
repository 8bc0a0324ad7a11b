import { describe, expect, it } from 'vitest';
import { bench, limit } from './plant.ts';

const minute = 60_000;

/** A substation that is late by half an hour with what reaches it, a step of which is a minute. */
function substation(delayMin = 60) {
  const plant = bench({
    roles: ['supply', 'lack'],
    limits: [limit({ kind: 'cold', role: 'lack', above: 5 }), limit({ kind: 'alone', role: 'lack', above: 5 })],
    alarms: { cold: { carriedBy: { role: 'supply', delayMin } }, alone: {} },
  });
  /** For so many minutes: the supply as it is at each of them, and what the substation lacks. */
  const live = async (minutes: number, supply: (minute: number) => number, lack = 0) => {
    for (let at = 0; at < minutes; at++) {
      plant.send({ supply: supply(at), lack });
      plant.detection.tick();
      await plant.clock.advance(minute);
    }
  };
  /** What is claimed as soon as something lacks: how long ago its cause began at the latest, min, by kind. */
  const claim = async (supply: number) => {
    plant.send({ supply, lack: 9 });
    const found = plant.findings.filter(({ active }) => active);
    return Object.fromEntries(found.map(({ kind, time, since }) => [kind, since && (time - since) / minute]));
  };
  return { plant, live, claim };
}

/** Eight degrees up and down within an hour, as a weather curve asks for. */
const usual = (at: number) => 80 + 4 * Math.sin(at / 10);

describe('what is carried from above', () => {
  it('began when the value that carries it left what it usually is, less the delay of the way', async () => {
    const { live, claim } = substation();
    await live(300, usual);
    await live(100, () => 50);
    const { cold, alone } = await claim(50);
    expect(cold).toBeGreaterThanOrEqual(155);
    expect(cold).toBeLessThanOrEqual(165);
    expect(alone).toBeUndefined();
  });

  it('is one with what came before the water that was still in the pipe', async () => {
    const { live, claim } = substation();
    await live(300, usual);
    await live(60, () => 50);
    await live(30, usual);
    await live(20, () => 45);
    const { cold } = await claim(45);
    expect(cold).toBeGreaterThanOrEqual(165);
    expect(cold).toBeLessThanOrEqual(175);
  });

  it('is apart from what was over for longer than the way takes', async () => {
    const { live, claim } = substation(10);
    await live(300, usual);
    await live(60, () => 50);
    await live(30, usual);
    await live(20, () => 45);
    const { cold } = await claim(45);
    expect(cold).toBeLessThanOrEqual(35);
  });

  it('is nothing while the value is as usual, or was not known for hours', async () => {
    const known = substation();
    await known.live(300, usual);
    expect(await known.claim(77)).toEqual({ cold: undefined, alone: undefined });
    const young = substation();
    await young.live(100, usual);
    expect(await young.claim(40)).toEqual({ cold: undefined, alone: undefined });
  });

  it('is known after a restart too', async () => {
    const before = substation();
    await before.live(300, usual);
    await before.live(60, () => 50);
    const after = substation();
    after.plant.detection.restore(JSON.parse(JSON.stringify(before.plant.detection.snapshot())));
    await after.plant.clock.advance(360 * minute);
    await after.live(20, () => 50);
    const { cold } = await after.claim(50);
    expect(cold).toBeGreaterThanOrEqual(135);
    expect(cold).toBeLessThanOrEqual(145);
  });
});
