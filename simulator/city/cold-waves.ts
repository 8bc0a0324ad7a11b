import { seededRandom } from '../../edge/core/random.ts';
import { dayStart } from './local-time.ts';

const dayMs = 86_400_000;
/** Each stretch of this length from October to April has at most one cold wave, with this chance: some six a winter. */
const cellDays = 20;
const chance = 0.6;
/** How much colder it gets, K: GB/T 21987-2017 calls it a cold wave from 8 K in a day or 10 K in two on. */
const fallK = [9, 16] as const;
/** Mild air flows in ahead of the front, the front passes, the cold air warms up again: days. */
const mildDays = 2.5;
const frontDays = 1;
const recoveryDays = 3;
/** Share of the fall by which it is too mild before the front, so that the whole wave leaves the mean as it is. */
const mildShare = (frontDays + recoveryDays) / (mildDays + 2 * frontDays + recoveryDays);

interface ColdWave {
  readonly startMs: number;
  readonly fallK: number;
}

const fade = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));

function waveOf(seed: number, cell: number): ColdWave | undefined {
  const cellMs = cell * cellDays * dayMs;
  const { month } = dayStart(cellMs + (cellDays / 2) * dayMs);
  if (month > 4 && month < 10) return undefined;
  const random = seededRandom(seed, `cold-wave/${cell}`);
  if (random.next() >= chance) return undefined;
  const room = cellDays - mildDays - frontDays - recoveryDays;
  const startMs = cellMs + room * random.next() * dayMs;
  return { startMs, fallK: fallK[0] + (fallK[1] - fallK[0]) * random.next() };
}

/** Departure in K from the run of the winter by cold waves, as a smooth function of the time, random by seed. */
export function coldWaves(seed: number): (timeMs: number) => number {
  let heldCell = Number.NaN;
  let wave: ColdWave | undefined;
  return (timeMs) => {
    const cell = Math.floor(timeMs / (cellDays * dayMs));
    if (cell !== heldCell) {
      wave = waveOf(seed, cell);
      heldCell = cell;
    }
    if (!wave) return 0;
    const days = (timeMs - wave.startMs) / dayMs;
    const mild = mildShare * fade(days / mildDays);
    const front = fade((days - mildDays) / frontDays);
    const recovered = (1 - mildShare) * fade((days - mildDays - frontDays) / recoveryDays);
    return wave.fallK * (mild - front + recovered);
  };
}
