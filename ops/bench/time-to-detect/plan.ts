import { seededRandom } from '../../../edge/core/random.ts';
import type { Happening } from '../../../simulator/city/happening.ts';
import type { Course, Strikes } from './courses.ts';

/** The gateway connects, and its detectors fill their windows, before anything happens, min. */
const leadMin = 20;
const minuteMs = 60_000;

/** One happening of a course, and from when its delay counts. */
export interface Planned {
  readonly strikes: Strikes;
  readonly happening: Happening;
  /** City time from which the delay counts where no value says so, ms since epoch. */
  readonly countsFromMs: number;
}

/** A course as it is played with a seed. */
export interface Plan {
  readonly startMs: number;
  readonly hours: number;
  readonly planned: readonly Planned[];
  /** All that happens, what only prepares included. */
  readonly happenings: readonly Happening[];
}

/** Strikes one after another, places in turn from one that the seed draws, sizes drawn by the seed. */
export function planOf({ name, start, shiftH, strikes: all }: Course, seed: number, index: number): Plan {
  const random = seededRandom(seed, `time-to-detect/${name}`);
  const startMs = Date.parse(start) + index * shiftH * 60 * minuteMs;
  const planned: Planned[] = [];
  const happenings: Happening[] = [];
  let nowMs = startMs + leadMin * minuteMs;
  for (const strikes of all) {
    const { kind, targets, size, count, lastsMin, everyMin, grows, after } = strikes;
    const first = random.integer(0, targets.length - 1);
    for (let strike = 0; strike < count; strike++) {
      const target = targets[(first + strike) % targets.length] as string;
      const id = `${name}-${seed}-${happenings.length + 1}`;
      const magnitude = Number((size[0] * (size[1] / size[0]) ** random.next()).toPrecision(3));
      if (after) {
        const durationS = 60 * (after.leadMin + lastsMin);
        happenings.push({ id: `${id}-before`, kind: after.kind, target, startMs: nowMs, durationS, magnitude: 1 });
        nowMs += after.leadMin * minuteMs;
      }
      const happening = { id, kind, target, startMs: nowMs, durationS: 60 * lastsMin, magnitude };
      happenings.push(happening);
      const growsMs = grows ? (1000 * grows.overS * grows.fromSize) / magnitude : 0;
      planned.push({ strikes, happening, countsFromMs: nowMs + growsMs });
      nowMs += everyMin * minuteMs;
    }
    nowMs = Math.max(nowMs, (planned.at(-1)?.happening.startMs ?? 0) + lastsMin * minuteMs);
  }
  return { startMs, hours: (nowMs - startMs) / (60 * minuteMs), planned, happenings };
}
