import { onPicture, picture, readHistory } from './feed.ts';
import { aggregated, type Figure, figureReading } from './figures.ts';

const spanMs = 600_000;
const stepMs = 5_000;
/** Figures over more points start empty: their past would cost a request for each. */
const maxPrefilled = 12;

/** The recent course of a figure, oldest first; `null` where nothing was known. */
export interface Trace {
  readonly figure: Figure;
  readonly times: number[];
  readonly values: (number | null)[];
  /** Whether its past has been asked for. */
  asked: boolean;
}

const traces = new Map<string, Trace>();
/** One request after the other: the first picture matters more than its past. */
let queue: Promise<void> = Promise.resolve();

/** The last ten minutes of a figure; filled from history at first and from the feed afterwards. */
export function traceOf(figure: Figure): Trace {
  const known = traces.get(figure.key);
  if (known) return known;
  const trace: Trace = { figure, times: [], values: [], asked: figure.points.length > maxPrefilled };
  traces.set(figure.key, trace);
  if (picture.link === 'online') ask(trace);
  return trace;
}

/** Forgets the traces of an older model and keeps those that are in use going. */
export function startTraces(): void {
  let city = picture.city;
  onPicture(() => {
    if (picture.city !== city) traces.clear();
    city = picture.city;
    if (picture.link === 'online') for (const trace of traces.values()) keepUp(trace);
  });
}

function ask(trace: Trace): void {
  if (trace.asked) return;
  trace.asked = true;
  queue = queue.then(() => prefill(trace)).catch(() => undefined);
}

function keepUp(trace: Trace): void {
  ask(trace);
  const { figure, times, values } = trace;
  if (picture.aliveAt - (times.at(-1) ?? 0) < stepMs) return;
  const { value } = figureReading(figure);
  times.push(picture.aliveAt);
  values.push(Number.isFinite(value) ? value : null);
  while ((times[0] ?? 0) < picture.aliveAt - spanMs) {
    times.shift();
    values.shift();
  }
}

/** Puts the past before what the feed brought meanwhile. */
async function prefill(trace: Trace): Promise<void> {
  const { figure } = trace;
  const end = picture.aliveAt;
  const start = end - spanMs;
  const columns = await Promise.all(figure.points.map((point) => slotsOf(point.definition.name, start, end)));
  const before = trace.times[0] ?? end;
  const past: { time: number; value: number | null }[] = [];
  for (let slot = 0; slot < spanMs / stepMs; slot++) {
    const row = columns.flatMap((column) => column[slot] ?? []);
    const time = start + slot * stepMs;
    if (time >= before || (row.length === 0 && past.length === 0)) continue;
    past.push({ time, value: row.length === figure.points.length ? aggregated(figure, row) : null });
  }
  trace.times.unshift(...past.map(({ time }) => time));
  trace.values.unshift(...past.map(({ value }) => value));
}

/** The value at the end of each step; it holds until the next sample, for some sources send changes only. */
async function slotsOf(tag: string, start: number, end: number): Promise<readonly (number | undefined)[]> {
  const count = spanMs / stepMs;
  const { times, values } = await readHistory(tag, start, end, 2 * count);
  const slots: (number | undefined)[] = [];
  let sample = 0;
  let held: number | undefined;
  for (let slot = 0; slot < count; slot++) {
    for (; (times[sample] ?? end) < start + (slot + 1) * stepMs; sample++) held = values[sample] ?? undefined;
    slots.push(held);
  }
  return slots;
}
