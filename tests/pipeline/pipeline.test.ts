import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBatch, plainValue, type SampleBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { isGood, Quality } from '../../edge/core/quality.ts';
import { type TagDefinition, TagTable } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';

const tag = (point: string, over: Partial<TagDefinition> = {}): TagDefinition => ({
  name: `plc/${point}`,
  device: 'plc',
  point,
  unit: '',
  scale: 1,
  offset: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  deadband: 0,
  periodMs: 1000,
  description: '',
  ...over,
});

function batchOf(samples: readonly (readonly [number, number, number?])[], received = 1000): SampleBatch {
  const batch = createBatch('plc', samples.length, received);
  samples.forEach(([index, value, quality], row) => {
    batch.tags[row] = index;
    batch.values[row] = value;
    batch.quality[row] = quality ?? Quality.good;
    batch.times[row] = received;
  });
  return batch;
}

function run(definitions: readonly TagDefinition[]) {
  const tags = new TagTable(definitions);
  const live = new LiveTable(tags.size);
  const pipeline = createPipeline(tags, live);
  const samples: SampleBatch[] = [];
  const changes: SampleBatch[] = [];
  pipeline.samples.subscribe((batch) => samples.push(batch));
  pipeline.changes.subscribe((batch) => changes.push(batch));
  return { pipeline, live, samples, changes };
}

describe('pipeline', () => {
  it('scales raw counts and writes the live table before anybody is told', () => {
    const { pipeline, live, samples } = run([tag('t', { scale: 0.1, offset: -40 })]);
    let seen = Number.NaN;
    pipeline.samples.subscribe(() => {
      seen = live.values[0]!;
    });
    pipeline.push(batchOf([[0, 650]]));
    expect(samples[0]!.values[0]).toBeCloseTo(25, 9);
    expect(seen).toBeCloseTo(25, 9);
  });

  it('keeps an over-range value and marks it uncertain, so that a safety limit can see it', () => {
    const { pipeline, live } = run([tag('ch4', { low: 0, high: 100 })]);
    pipeline.push(batchOf([[0, 130]]));
    expect(live.values[0]).toBe(130);
    expect(live.quality[0]).toBe(Quality.outOfRange);
  });

  it('never lets a bad or non-finite value look like a value', () => {
    fc.assert(
      fc.property(fc.double(), fc.integer({ min: 0, max: 255 }), (value, quality) => {
        const { pipeline, live } = run([tag('x', { scale: 2 })]);
        pipeline.push(batchOf([[0, value, quality]]));
        const finite = Number.isFinite(live.values[0]!);
        expect(finite).toBe(Number.isFinite(value * 2) && quality < Quality.bad);
        if (isGood(live.quality[0]!)) expect(finite).toBe(true);
      }),
    );
  });

  it('passes on a change only beyond the deadband, and every change of quality', () => {
    const { pipeline, samples, changes } = run([tag('p', { deadband: 0.5 })]);
    for (const value of [10, 10.4, 10.6, 10.2]) pipeline.push(batchOf([[0, value]]));
    pipeline.push(batchOf([[0, Number.NaN, Quality.comm]]));
    pipeline.push(batchOf([[0, Number.NaN, Quality.comm]]));
    pipeline.push(batchOf([[0, 10.2]]));
    expect(samples).toHaveLength(7);
    expect(changes.map((batch) => batch.values[0])).toEqual([10, 10.6, Number.NaN, 10.2]);
    expect(pipeline.figures()).toEqual({ read: 7, thinned: 3 });
  });

  it('a slow drift is passed on once it has summed up to the deadband', () => {
    const { pipeline, changes } = run([tag('p', { deadband: 1 })]);
    for (let step = 0; step <= 30; step++) pipeline.push(batchOf([[0, step * 0.1]]));
    expect(changes.length).toBeGreaterThanOrEqual(3);
  });
});

describe('texts', () => {
  const sample = (text: string | undefined, quality: number = Quality.good): SampleBatch => ({
    ...batchOf([
      [0, 7],
      [1, text === undefined ? Number.NaN : textValue(text), quality],
    ]),
    texts: new Map(text === undefined ? [] : [[1, text]]),
  });

  it('ride along with their quality, and change when they do, by the number that stands for them', () => {
    const { pipeline, live, changes } = run([tag('flow'), tag('serial', { shows: 'text' })]);
    pipeline.push(sample('HRB-7'));
    pipeline.push(sample('HRB-7'));
    expect(live.textOf(1)).toBe('HRB-7');
    expect(live.textOf(0)).toBeUndefined();
    pipeline.push(sample('HRB-8'));
    expect(live.textOf(1)).toBe('HRB-8');
    pipeline.push(sample(undefined, Quality.comm));
    expect(live.textOf(1)).toBeUndefined();
    expect([...live.textTags()]).toEqual([]);
    expect(changes.map((batch) => batch.tags.length)).toEqual([2, 1, 1]);
    expect(plainValue(changes[1]!, 0)).toBe('HRB-8');
    expect(plainValue(changes[2]!, 0)).toBeNull();
  });

  it('are forgotten with the tag that had them', () => {
    const { pipeline, live } = run([tag('flow'), tag('serial', { shows: 'text' })]);
    pipeline.push(sample('HRB-7'));
    pipeline.adopt(new TagTable([tag('flow'), tag('name', { shows: 'text' })]), [1]);
    pipeline.push(batchOf([[1, 5]]));
    expect(live.textOf(1)).toBeUndefined();
  });

  it('have one number each, the same in every run', () => {
    // FNV-1a over the bytes 61 00 and 34 6C
    expect([textValue(''), textValue('a'), textValue('水')]).toEqual([0, fnv([0x61, 0]), fnv([0x34, 0x6c])]);
    const texts = Array.from({ length: 50_000 }, (_, index) => `HRB-${index}`);
    expect(new Set(texts.map(textValue)).size).toBeGreaterThan(49_990);
  });
});

const fnv = (bytes: readonly number[]) =>
  Number(bytes.reduce((hash, byte) => ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn, 0x811c9dc5n));
