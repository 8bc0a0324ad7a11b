import { describe, expect, it } from 'vitest';
import { addressOf } from '../../edge/detection/counter.ts';
import { bench } from './plant.ts';

const options = { role: 'writes', above: 0, withinS: 60, quietS: 120, exceptOwnWrites: true };

const plc = (more: Readonly<Record<string, unknown>> = {}, lastOwnWriteMs = Number.NEGATIVE_INFINITY) =>
  bench({
    roles: ['writes', 'key', 'writer'],
    detectors: [{ detector: 'counter', kind: 'foreign-write', options: { ...options, ...more } }],
    parts: { lastOwnWriteMs: () => lastOwnWriteMs },
  });
type Plant = ReturnType<typeof plc>;
const run = async ({ second }: Plant, seconds: number, writes: number, key = 0) => {
  for (let count = 0; count < seconds; count++) await second({ writes, key, writer: 10_066_003_021 });
};
const story = ({ findings }: Plant) => findings.filter(({ from }) => from === 'counter').map(({ active }) => active);

describe('a count that is watched', () => {
  it('is a claim once it goes up by more than it may, and over when it has rested', async () => {
    const plant = plc();
    await run(plant, 30, 7);
    expect(story(plant)).toEqual([]);
    await run(plant, 100, 8);
    expect(story(plant)).toEqual([true]);
    expect(plant.findings.at(-1)).toMatchObject({ evidence: [{ tag: 'plc/writes', observed: 1, windowS: 60 }] });
    await run(plant, 60, 8);
    expect(story(plant)).toEqual([true, false]);
  });

  it('may go up slowly where so much within a time is allowed', async () => {
    const plant = plc({ above: 3 });
    for (let count = 0; count < 6; count++) await run(plant, 30, count);
    expect(story(plant)).toEqual([]);
    await run(plant, 5, 9);
    expect(story(plant)).toEqual([true]);
  });

  it('begins again at 0 after a restart without a claim', async () => {
    const plant = plc();
    await run(plant, 10, 500);
    await run(plant, 10, 0);
    expect(story(plant)).toEqual([]);
  });

  it('is left alone while the condition does not hold, and where this gateway wrote itself', async () => {
    const working = plc({ when: { role: 'key', equals: 0 } });
    const own = plc({}, 0);
    for (const plant of [working, own]) {
      await run(plant, 5, 1, 1);
      await run(plant, 150, 2, 1);
      expect(story(plant)).toEqual([]);
    }
    // the key is off before the poll that shows its last write
    await run(working, 100, 3, 0);
    await run(working, 200, 3, 0);
    expect(story(working)).toEqual([]);
    await run(working, 140, 4, 0);
    expect(story(working)).toEqual([true]);
  });

  it('reads an address from its digits', () => {
    expect([addressOf(10_066_003_021), addressOf(192_168_000_001)]).toEqual(['10.66.3.21', '192.168.0.1']);
  });
});
