import { volumeUnderCurves } from '../../../edge/evaluate/volume-under-curves.ts';
import type { Case } from './case.ts';

/** Alarms this far from the one before are another episode. */
const EPISODE_GAP = 10;
/** A fault leaves traces in moving means for so many rows: alarms then are not called false episodes. */
const AFTERMATH = 60;

/** How a score does on one case; rows after training only, without point adjustment. */
export interface Figures {
  readonly vusPr: number;
  /** At the detector's own threshold: share of the faults, episodes per 1,000 normal rows, share of normal rows. */
  readonly recall: number;
  readonly falsePer1000: number;
  readonly falseShare: number;
  /** Share of faulty rows without an alarm. */
  readonly missedShare: number;
  readonly rowF1: number;
  /** Share of the rows of the second halves of the faults with an alarm. */
  readonly lasting: number;
}

export function figuresOf({ trained, labels, faults }: Case, scores: Float64Array, threshold: number): Figures {
  const after = scores.subarray(trained);
  const truth = labels.subarray(trained);
  const faulty = truth.reduce((sum, label) => sum + label, 0);
  const normal = truth.length - faulty;
  const counts = countAlarms(after, truth, threshold);
  const found = faults.filter(({ from, to }) => scores.subarray(from, to).some((score) => score >= threshold));
  const late = faults.map(({ from, to }) => scores.subarray((from + to) >> 1, to));
  const lateRows = late.reduce((sum, { length }) => sum + length, 0);
  const lateAlarms = late.reduce((sum, rows) => sum + rows.filter((score) => score >= threshold).length, 0);
  return {
    vusPr: volumeUnderCurves(truth, after),
    recall: found.length / faults.length,
    falsePer1000: (1000 * counts.episodes) / normal,
    falseShare: counts.false / normal,
    missedShare: counts.missed / faulty,
    rowF1: counts.true === 0 ? 0 : (2 * counts.true) / (2 * counts.true + counts.false + counts.missed),
    lasting: lateAlarms / lateRows,
  };
}

function countAlarms(scores: Float64Array, truth: Uint8Array, threshold: number) {
  const counts = { true: 0, false: 0, missed: 0, episodes: 0 };
  let lastAlarm = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < scores.length; row++) {
    const faulty = truth[row] === 1;
    if ((scores[row] as number) < threshold) {
      counts.missed += faulty ? 1 : 0;
      continue;
    }
    counts.true += faulty ? 1 : 0;
    counts.false += faulty ? 0 : 1;
    const begins = row - lastAlarm > EPISODE_GAP && !truth.subarray(Math.max(0, row - AFTERMATH), row + 1).includes(1);
    counts.episodes += begins ? 1 : 0;
    lastAlarm = row;
  }
  return counts;
}
