import type { Happening, Truth } from '../city/plant.ts';
import type { PlcScan } from '../plc/scan.ts';

/** Signals are kept at this pace and from so long before a happening to so long after its end, s. */
const paceS = 10;
const beforeS = 600;
const afterS = 1200;
/** Of what lasts, so much is kept, s. */
const longestS = 6 * 3600;
/** Signals kept of one happening: those that moved most. */
const signalsShown = 4;

/** One tag's course around a happening. */
export interface Signal {
  /** `plc/point`. */
  readonly tag: string;
  readonly unit: string;
  /** ms since epoch, and engineering values, of equal length. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

interface Watched {
  readonly plc: number;
  readonly index: number;
  readonly noise: number;
  readonly tag: string;
  readonly unit: string;
  readonly role: string | undefined;
}

interface Recording {
  readonly truth: Truth;
  readonly untilMs: number;
  readonly watched: readonly Watched[];
  readonly times: number[];
  readonly rows: number[][];
}

/** Keeps the courses of the tags that speak of the assets a happening affects, for the report. */
export class SignalRecorder {
  private readonly scans: readonly PlcScan[];
  private readonly ring: { readonly timeMs: number; readonly values: Float64Array }[] = [];
  private readonly firsts: readonly number[];
  private readonly recordings: Recording[] = [];
  private nextMs = Number.NEGATIVE_INFINITY;

  constructor(scans: readonly PlcScan[]) {
    this.scans = scans;
    let first = 0;
    this.firsts = scans.map(({ raw }) => {
      first += raw.length;
      return first - raw.length;
    });
  }

  /** Takes the scans as they stand at `timeMs`, and what began with them. */
  take(timeMs: number, begun: readonly Truth[]): void {
    if (timeMs >= this.nextMs) {
      this.nextMs = timeMs + paceS * 1000;
      this.keep(timeMs);
    }
    for (const truth of begun) this.begin(truth);
  }

  /** The courses of a happening's most telling tags, those that moved most against their noise first. */
  of(happening: string): readonly Signal[] {
    const recording = this.recordings.find(({ truth }) => truth.happening.id === happening);
    if (!recording) return [];
    const { times, rows, watched, truth } = recording;
    return watched
      .map(({ tag, unit, noise }, column) => {
        const values = rows.map((row) => row[column] ?? Number.NaN);
        return {
          signal: { tag, unit, times, values },
          weight: excursion(times, values, truth.happening, noise),
        };
      })
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, signalsShown)
      .map(({ signal }) => signal);
  }

  /** The courses of one role of all assets that a happening affects. */
  ofRole(happening: string, wanted: string): readonly Pick<Signal, 'times' | 'values'>[] {
    const recording = this.recordings.find(({ truth }) => truth.happening.id === happening);
    if (!recording) return [];
    const { times, rows, watched } = recording;
    return watched.flatMap(({ role }, column) =>
      role === wanted ? [{ times, values: rows.map((row) => row[column] ?? Number.NaN) }] : [],
    );
  }

  private keep(timeMs: number): void {
    const values = new Float64Array(this.scans.reduce((sum, { raw }) => sum + raw.length, 0));
    for (const [plc, scan] of this.scans.entries()) {
      for (let index = 0; index < scan.raw.length; index++) {
        values[(this.firsts[plc] ?? 0) + index] = scan.engineering(index);
      }
    }
    this.ring.push({ timeMs, values });
    if (this.ring.length > beforeS / paceS) this.ring.shift();
    for (const recording of this.recordings) if (timeMs <= recording.untilMs) this.add(recording, timeMs, values);
  }

  private begin(truth: Truth): void {
    const { startMs, durationS } = truth.happening;
    const assets = new Set([truth.asset, ...truth.affected]);
    const named = new Set([truth.happening.target, ...(truth.tags ?? [])]);
    const watched = this.scans.flatMap(({ plc: { id, points } }, plc) =>
      points.flatMap(({ name, unit, noise, asset, role }, index): Watched[] =>
        named.has(`${id}/${name}`) || (asset !== undefined && role !== undefined && assets.has(asset))
          ? [{ plc, index, noise, tag: `${id}/${name}`, unit, role }]
          : [],
      ),
    );
    const lastsS = Math.min(durationS > 0 ? durationS + afterS : longestS, longestS);
    const recording = { truth, untilMs: startMs + lastsS * 1000, watched, times: [], rows: [] };
    this.recordings.push(recording);
    for (const { timeMs, values } of this.ring) this.add(recording, timeMs, values);
  }

  private add({ watched, times, rows }: Recording, timeMs: number, values: Float64Array): void {
    times.push(timeMs);
    rows.push(watched.map(({ plc, index }) => values[(this.firsts[plc] ?? 0) + index] ?? Number.NaN));
  }
}

/** The largest departure during a happening from the mean before it, against noise or what the tag moved by itself. */
function excursion(
  times: readonly number[],
  values: readonly number[],
  { startMs, durationS }: Happening,
  noise: number,
): number {
  const endMs = durationS > 0 ? startMs + durationS * 1000 : Number.POSITIVE_INFINITY;
  const before = values.filter((_, index) => (times[index] ?? 0) < startMs);
  const after = values.filter((_, index) => (times[index] ?? 0) >= startMs && (times[index] ?? 0) <= endMs);
  if (before.length === 0 || after.length === 0) return 0;
  const mean = before.reduce((sum, value) => sum + value, 0) / before.length;
  const most = (list: readonly number[]) => list.reduce((peak, value) => Math.max(peak, Math.abs(value - mean)), 0);
  const moved = most(after);
  return moved === 0 ? 0 : moved / Math.max(noise, most(before), 1e-3 * Math.abs(mean), Number.MIN_VALUE);
}
