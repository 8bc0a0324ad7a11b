import { bindExpression } from '../../edge/calculation/bind.ts';
import type { CalculatedPoint } from '../../edge/calculation/bound.ts';
import { createCalculation } from '../../edge/calculation/calculation.ts';
import { parseExpression } from '../../edge/calculation/syntax.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';
import { atMost, type BenchRow } from './row.ts';

const pointCount = 1_000;
const inputCount = 2_000;
const simulatedS = 600;
/** What a station has of them, over and over. */
const expressions = [
  '[a] - [b]',
  'if([a] > 50, [b] / [a], 0)',
  'avg([a], [b], [c])',
  'total([a])',
  'counter([a], 1e9)',
  "rate([a], '1min', 'h')",
  'runningHours([a] > 50 && [b] > 50)',
  'bit([c], 3) + 2 * bit([c], 4)',
];

/** 1,000 calculated points every second, from the live table through the pipeline; disk and network left out. */
export async function benchCalculation(): Promise<BenchRow[]> {
  const { tags, points } = station();
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const live = new LiveTable(tags.size);
  const pipeline = createPipeline(tags, live);
  const calculation = createCalculation({
    ...{ points, tags, live, clock, log: silentLog, push: pipeline.push },
    ...{ memories: new Map(), save: () => Promise.resolve() },
  });
  let samples = 0;
  pipeline.samples.subscribe((batch) => {
    samples += batch.tags.length;
    calculation.batch(batch);
  });
  calculation.start();
  let spentMs = 0;
  for (let second = 0; second < simulatedS; second++) {
    feed(live, second, clock.wallMs());
    const began = performance.now();
    await clock.advance(1000);
    spentMs += performance.now() - began;
  }
  await calculation.stop();
  if (samples < pointCount * (simulatedS - 2)) throw new Error(`only ${samples} samples came out`);
  const perPointUs = (spentMs * 1000) / calculation.status().evaluations;
  const share = (spentMs / (simulatedS * 1000)) * 100;
  return [
    atMost('calculated point, evaluated and sent', 'µs', perPointUs, 5),
    atMost('1,000 calculated points every second', '% of a core', share, 0.5),
  ];
}

function station(): { readonly tags: TagTable; readonly points: readonly CalculatedPoint[] } {
  const named = (name: string) => ({ ...vacantTag, name, device: 'd', point: name });
  const inputs = Array.from({ length: inputCount }, (_, index) => named(`d/i${index}`));
  const results = Array.from({ length: pointCount }, (_, index) => named(`d/c${index}`));
  const points = results.map((_, index): CalculatedPoint => {
    const parsed = parseExpression(expressions[index % expressions.length] as string);
    if ('error' in parsed) throw parsed.error;
    const find = (name: string) => ({ tag: (index * 2 + 'abc'.indexOf(name)) % inputCount, unit: '' });
    const bound = bindExpression(parsed, { find, names: () => [] }, 1000);
    if ('error' in bound) throw bound.error;
    const { inputs: read, remembers, result } = bound;
    const own = { tag: inputCount + index, bound: result.bound, inputs: read, remembers };
    return { ...own, level: 0, periodMs: 1000, meaning: String(index) };
  });
  return { tags: new TagTable([...inputs, ...results]), points };
}

/** One poll of everything that is read. */
function feed(live: LiveTable, second: number, timeMs: number): void {
  const batch = createBatch('d', inputCount, timeMs);
  for (let tag = 0; tag < inputCount; tag++) {
    batch.tags[tag] = tag;
    batch.values[tag] = 60 + tag + second;
    batch.times[tag] = timeMs;
  }
  live.write(batch);
}
