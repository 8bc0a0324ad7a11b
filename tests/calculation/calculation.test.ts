import { describe, expect, it } from 'vitest';
import { bindExpression } from '../../edge/calculation/bind.ts';
import type { CalculatedPoint } from '../../edge/calculation/bound.ts';
import { type Calculation, createCalculation } from '../../edge/calculation/calculation.ts';
import { orderByUse } from '../../edge/calculation/order.ts';
import { parseExpression } from '../../edge/calculation/syntax.ts';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import type { Log } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';

const tag = (name: string, over: Partial<TagDefinition> = {}): TagDefinition => ({
  ...{ name, device: name.split('/')[0] as string, point: name.split('/')[1] as string, unit: '', scale: 1, offset: 0 },
  ...{ low: -Infinity, high: Infinity, deadband: 0, periodMs: 1000, description: '', ...over },
});

interface Spec {
  readonly name: string;
  readonly expression: string;
  readonly periodMs?: number;
  readonly over?: Partial<TagDefinition>;
}

/** Measured tags `plc/a` and `plc/b` and calculated ones, in the order in which they can be computed. */
function tableOf(specs: readonly Spec[]) {
  const tags = new TagTable([tag('plc/a'), tag('plc/b'), ...specs.map(({ name, over }) => tag(name, over))]);
  const levels = new Map<number, number>();
  const points = specs.map(({ name, expression, periodMs }): CalculatedPoint => {
    const parsed = parseExpression(expression);
    if ('error' in parsed) throw parsed.error;
    const find = (wanted: string) => {
      const index = tags.indexOf(wanted);
      return index === undefined ? undefined : { tag: index, unit: '' };
    };
    const bound = bindExpression(parsed, { find, names: () => [] }, periodMs ?? 1000);
    if ('error' in bound) throw bound.error;
    const own = tags.indexOf(name) as number;
    const level = Math.max(0, ...bound.inputs.map((input) => (levels.get(input) ?? -1) + 1));
    levels.set(own, level);
    const { inputs, remembers, result } = bound;
    return { tag: own, bound: result.bound, inputs, remembers, level, periodMs, meaning: expression };
  });
  return { tags, points };
}

/** A pipeline with calculated points, fed by the test, on a virtual clock. */
function plant(specs: readonly Spec[]) {
  const clock = new VirtualClock(1_800_000_000_000);
  const { tags, points } = tableOf(specs);
  const live = new LiveTable(tags.size);
  const pipeline = createPipeline(tags, live);
  const memories = new Map<string, string>();
  const saved: ReadonlyMap<string, string>[] = [];
  const warnings: string[] = [];
  const ignore = () => undefined;
  const log: Log = { debug: ignore, info: ignore, error: ignore, warn: (_, message) => warnings.push(message) };
  const sent: SampleBatch[] = [];
  let disk = true;
  const create = (wanted: readonly CalculatedPoint[], table: TagTable, before?: Calculation) =>
    createCalculation(
      {
        ...{ points: wanted, tags: table, live, clock, log, memories, push: (batch) => pipeline.push(batch) },
        save: async (changed) => {
          if (!disk) throw new Error('the disk is full');
          saved.push(changed);
        },
      },
      before,
    );
  let calculation = create(points, tags);
  pipeline.samples.subscribe((batch) => sent.push(batch));
  pipeline.samples.subscribe((batch) => calculation.batch(batch));
  const read = (name: string) => {
    const index = tags.indexOf(name) as number;
    return { value: live.values[index], quality: live.quality[index], time: live.times[index] };
  };
  return {
    ...{ clock, live, memories, saved, warnings, sent, read, create, points, tags },
    start: () => calculation.start(),
    stop: () => calculation.stop(),
    status: () => calculation.status(),
    /** As a change of the configuration does. */
    replace(next: readonly Spec[]) {
      const table = tableOf(next);
      void calculation.stop();
      calculation = create(table.points, table.tags, calculation);
      calculation.start();
    },
    breakDisk(broken: boolean) {
      disk = !broken;
    },
    feed(values: Readonly<Record<string, number>>, quality: number = Quality.good, timeMs = clock.wallMs()) {
      const entries = Object.entries(values);
      const batch = createBatch('plc', entries.length, clock.wallMs());
      entries.forEach(([name, value], row) => {
        batch.tags[row] = tags.indexOf(name) as number;
        batch.values[row] = value;
        batch.quality[row] = quality;
        batch.times[row] = timeMs;
      });
      pipeline.push(batch);
    },
  };
}

describe('calculated points', () => {
  it('without a period follow every sample of what they read, each once, after what they use', () => {
    const { feed, read, sent, status } = plant([
      { name: 'x/sum', expression: '[plc/a] + [plc/b]' },
      { name: 'x/double', expression: '2 * [x/sum]' },
      { name: 'y/all', expression: '[x/double] + [x/sum] + [plc/a]' },
    ]);
    feed({ 'plc/a': 1, 'plc/b': 10 }, Quality.good, 5000);
    expect(read('y/all')).toEqual({ value: 34, quality: Quality.good, time: 5000 });
    expect(sent.map(({ device, values }) => [device, ...values])).toEqual([
      ['plc', 1, 10],
      ['x', 11],
      ['x', 22],
      ['y', 34],
    ]);
    expect(status().evaluations).toBe(3);
    feed({ 'plc/b': 20 }, Quality.good, 4000);
    expect(read('y/all')).toEqual({ value: 64, quality: Quality.good, time: 5000 });
  });

  it('say nothing before an input has spoken, and pass on what is wrong with it', () => {
    const { feed, read, sent } = plant([{ name: 'x/sum', expression: '[plc/a] + [plc/b]' }]);
    feed({ 'plc/a': 1 });
    expect(read('x/sum')).toMatchObject({ value: Number.NaN, quality: Quality.notConnected });
    feed({ 'plc/b': 2 });
    expect(read('x/sum')).toMatchObject({ value: 3, quality: Quality.good });
    feed({ 'plc/b': Number.NaN }, Quality.stale);
    expect(read('x/sum')).toMatchObject({ value: Number.NaN, quality: Quality.stale });
    expect(sent.filter(({ device }) => device === 'x')).toHaveLength(3);
  });

  it('have a plausible range of their own, which those that use them see', () => {
    const { feed, read } = plant([
      { name: 'x/sum', expression: '[plc/a] + [plc/b]', over: { low: 0, high: 100 } },
      { name: 'x/half', expression: '[x/sum] / 2' },
    ]);
    feed({ 'plc/a': 100, 'plc/b': 1 });
    expect(read('x/sum')).toMatchObject({ value: 101, quality: Quality.outOfRange });
    expect(read('x/half')).toMatchObject({ value: 50.5, quality: Quality.outOfRange });
  });

  it('with a period are computed on its schedule, and sent only when there is something new', async () => {
    const { feed, read, sent, start, stop, clock } = plant([
      { name: 'x/slow', expression: '[plc/a] * 2', periodMs: 5000 },
      { name: 'x/follows', expression: '[x/slow] + 1' },
    ]);
    start();
    await clock.advance(1000);
    expect(sent).toEqual([]);
    feed({ 'plc/a': 1 });
    expect(read('x/slow').quality).toBe(Quality.notConnected);
    await clock.advance(4000);
    expect(read('x/follows')).toMatchObject({ value: 3, quality: Quality.good });
    await clock.advance(60_000);
    expect(sent).toHaveLength(3);
    await stop();
    feed({ 'plc/a': 2 });
    await clock.advance(60_000);
    expect(read('x/slow').value).toBe(2);
  });

  it('total up in the time of the gateway, so that a value that is reported only on change counts on', async () => {
    const { feed, read, start, clock } = plant([{ name: 'x/v', expression: 'total([plc/a])', periodMs: 1000 }]);
    start();
    feed({ 'plc/a': 3600 });
    await clock.advance(600_000);
    expect(read('x/v').value).toBeCloseTo(600, 6);
    expect(read('x/v').time).toBe(clock.wallMs());
    clock.jumpWall(86_400_000);
    await clock.advance(1000);
    expect(read('x/v').value).toBeCloseTo(601, 6);
  });
});

describe('what calculated points remember', () => {
  const total: Spec = { name: 'x/v', expression: 'total([plc/a])', periodMs: 1000 };

  it('is saved every half minute and when they stop, and tried again when the disk refuses', async () => {
    const { feed, start, stop, clock, saved, warnings, breakDisk } = plant([total]);
    start();
    feed({ 'plc/a': 3600 });
    await clock.advance(30_500);
    expect(saved.map(({ size }) => size)).toEqual([1, 1]);
    breakDisk(true);
    await clock.advance(30_000);
    expect(warnings.join()).toContain('the disk is full');
    breakDisk(false);
    await stop();
    const { cells } = JSON.parse(saved.at(-1)?.get('x/v') as string);
    expect(cells[0]).toBeCloseTo(60, 6);
  });

  it('survives a restart, and a change of other points without a seam', async () => {
    const { feed, read, start, stop, clock, create, points, tags, replace, warnings } = plant([
      total,
      { name: 'x/r', expression: "delta([plc/a], '10s')", periodMs: 1000 },
    ]);
    start();
    feed({ 'plc/a': 3600 });
    await clock.advance(20_000);
    replace([
      total,
      { name: 'x/r', expression: "delta([plc/a], '10s')", periodMs: 1000 },
      { name: 'x/n', expression: '[plc/a]' },
    ]);
    await clock.advance(1000);
    expect(read('x/v').value).toBeCloseTo(21, 6);
    expect(read('x/r')).toMatchObject({ value: 0, quality: Quality.good });
    await stop();
    await clock.advance(3_600_000);
    const again = create(points, tags);
    again.start();
    await clock.advance(10_000);
    expect(read('x/v').value).toBeCloseTo(31, 6);
    expect(warnings).toEqual([]);
    await again.stop();
  });

  it('begins anew with a notice when its expression was changed, or cannot be read', async () => {
    const { feed, read, start, clock, replace, warnings, memories } = plant([total]);
    start();
    feed({ 'plc/a': 3600 });
    await clock.advance(20_000);
    replace([{ ...total, expression: 'total([plc/a] + 0)' }]);
    await clock.advance(5000);
    expect(read('x/v').value).toBeCloseTo(5, 6);
    expect(warnings).toEqual([expect.stringContaining('x/v: the expression or a unit that it reads was changed')]);
    replace([]);
    memories.set('x/v', '{"meaning":');
    replace([total]);
    expect(warnings.at(-1)).toContain('cannot be read');
  });
});

describe('the order of calculated points', () => {
  it('puts what is used before what uses it, and names a circle', () => {
    expect(orderByUse([[1], [2], [], [0, 2]])).toEqual({ order: [2, 1, 0, 3], levels: [2, 1, 0, 3] });
    expect(orderByUse([[1], [2], [1]])).toEqual({ circle: [1, 2] });
    expect(orderByUse([[0]])).toEqual({ circle: [0] });
  });
});
