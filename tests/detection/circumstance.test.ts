import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { bench } from './plant.ts';

const options = { event: { role: 'shut', equals: 1 }, amid: [{ role: 'outlet', below: 1.25 }], forS: 0 };

const valve = (more: Readonly<Record<string, unknown>> = {}) =>
  bench({
    roles: ['shut', 'outlet'],
    detectors: [{ detector: 'circumstance', kind: 'starved', options: { ...options, ...more } }],
  });
type Plant = ReturnType<typeof valve>;
/** Second by second, `[shut, outlet]`. */
const play = async ({ second }: Plant, ...course: readonly (readonly [shut: number, outlet: number])[]) => {
  for (const [shut, outlet] of course) await second({ shut, outlet });
};
const story = ({ findings }: Plant) =>
  findings.filter(({ from }) => from === 'circumstance').map(({ active }) => active);

describe('what stood when an event came', () => {
  it('makes the claim where it came first, until the event is over', async () => {
    const plant = valve();
    await play(plant, [0, 2.5], [0, 1.6], [1, 1.1], [1, 0]);
    expect(story(plant)).toEqual([true]);
    expect(plant.findings.at(-1)).toMatchObject({
      evidence: [
        { tag: 'plc/shut', observed: 1, expected: 1 },
        { tag: 'plc/outlet', observed: 1.1, expected: 1.25 },
      ],
    });
    await play(plant, [0, 2.5]);
    expect(story(plant)).toEqual([true, false]);
  });

  it('makes no claim where it came after the event, as its consequence', async () => {
    const plant = valve();
    await play(plant, [0, 2.5], [1, 1.9], [1, 1.0], [1, 0], [0, 2.5]);
    expect(story(plant)).toEqual([]);
  });

  it('is not known of an event that was there before the gateway was', async () => {
    const plant = valve();
    await play(plant, [1, 0], [1, 0]);
    expect(story(plant)).toEqual([]);
  });

  it('has to be measured: a value that is lost proves nothing', async () => {
    const plant = valve();
    await play(plant, [0, 2.5]);
    plant.send({ outlet: 0 }, Quality.comm);
    await plant.second({ shut: 1 });
    await plant.second({ shut: 1 });
    expect(story(plant)).toEqual([]);
  });

  it('counts when the event has lasted as long as it must, and not for a passing one', async () => {
    const plant = valve({ forS: 3 });
    await play(plant, [0, 1], [1, 1], [0, 1], [1, 1], [1, 1], [1, 1]);
    expect(story(plant)).toEqual([]);
    await play(plant, [1, 1]);
    expect(story(plant)).toEqual([true]);
  });

  it('stands on after a restart, and ends with the event', async () => {
    const before = valve();
    await play(before, [0, 2.5], [1, 1.1]);
    const after = valve();
    after.detection.restore(before.detection.snapshot());
    await play(after, [1, 0], [1, 0], [0, 2.5]);
    expect(story(after)).toEqual([false]);
  });
});
