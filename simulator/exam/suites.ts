import type { Text } from '../../edge/core/text.ts';
import type { HappeningKind } from '../city/plant.ts';
import { harbinWeather } from '../city/weather.ts';

const hourMs = 3_600_000;

/** What is examined: when, how long, and how much happens. Lengths are those of the contract, the rest design choices. */
export interface Suite {
  readonly name: string;
  readonly title: Text;
  readonly hours: number;
  /** City time at which it begins, ms since epoch. */
  startMs(seed: number): number;
  /** For development, known to everybody. Nothing may depend on them: any other seed is as good. */
  readonly seeds: readonly number[];
  /** How long one happening lasts, and the pause before the next of the same utility, minutes: lowest and highest. */
  readonly lastingMin: readonly [number, number];
  readonly pauseMin: readonly [number, number];
  /** Share 0..1 of decoys where a utility has any. */
  readonly decoyShare: number;
  /** Whether a kind that the city declares belongs into it. */
  readonly includes: (kind: HappeningKind) => boolean;
}

const at = (time: string) => () => Date.parse(time);
const isAttack = ({ kind }: HappeningKind) => kind.startsWith('attack.');
const ofUtility = (kind: HappeningKind) => !isAttack(kind);
const ofAttack = (kind: HappeningKind) => isAttack(kind) || kind.decoy;

/** Noon before the wettest night of July and August, which the weather of a seed decides. */
function beforeTheStorm(seed: number): number {
  const weatherAt = harbinWeather(seed);
  const noon = Date.parse('2026-07-01T12:00:00+08:00');
  let best = { startMs: noon, rainMm: 0 };
  for (let day = 0; day < 61; day++) {
    const startMs = noon + day * 24 * hourMs;
    let rainMm = 0;
    for (let minute = 0; minute < 18 * 60; minute += 10) rainMm += weatherAt(startMs + minute * 60_000).rainMmH / 6;
    if (rainMm > best.rainMm) best = { startMs, rainMm };
  }
  return best.startMs;
}

const busyDay = { hours: 24, lastingMin: [30, 120], pauseMin: [45, 150], decoyShare: 0.25 } as const;

/** Every suite by name, the shortest first. */
export const suites: readonly Suite[] = [
  {
    ...{ name: 'smoke', title: { zh: '冒烟', en: 'Smoke' }, hours: 2, seeds: [1, 2, 3], includes: ofUtility },
    ...{ startMs: at('2026-01-12T08:00:00+08:00'), lastingMin: [10, 20], pauseMin: [8, 20], decoyShare: 0.25 },
  },
  {
    ...{ name: 'winter-night', title: { zh: '冬夜', en: 'Winter night' }, seeds: [11, 12, 13], includes: ofUtility },
    ...{ ...busyDay, startMs: at('2026-01-16T18:00:00+08:00') },
  },
  {
    ...{ name: 'storm-night', title: { zh: '暴雨夜', en: 'Storm night' }, seeds: [21, 22, 23], includes: ofUtility },
    ...{ ...busyDay, startMs: beforeTheStorm },
  },
  {
    ...{ name: 'attack', title: { zh: '网络攻击', en: 'Attack' }, seeds: [31, 32, 33], includes: ofAttack },
    // attacks take turns, as the faults of one utility do: at this pace a day sees each kind, whatever the seed
    ...{ ...busyDay, lastingMin: [30, 90], pauseMin: [20, 60], startMs: at('2026-03-10T06:00:00+08:00') },
  },
  {
    ...{ name: 'standard', title: { zh: '标准周', en: 'Standard week' }, seeds: [41, 42, 43], includes: ofUtility },
    ...{ hours: 7 * 24, startMs: at('2026-10-26T06:00:00+08:00') },
    ...{ lastingMin: [30, 240], pauseMin: [240, 720], decoyShare: 0.25 },
  },
  {
    ...{ name: 'quiet-month', title: { zh: '平静月', en: 'Quiet month' }, seeds: [51, 52, 53], includes: ofUtility },
    ...{ hours: 30 * 24, startMs: at('2026-04-01T00:00:00+08:00') },
    ...{ lastingMin: [60, 240], pauseMin: [1440, 4320], decoyShare: 0.8 },
  },
];
