/** Share of the steps that a signal must have a value in. */
const LEAST_PRESENT = 0.8;
/** A signal that falls in fewer of its changes than this is a running total. */
const LEAST_FALLS = 0.01;
/** So many changes say whether it is one. */
const TELLING_CHANGES = 50;

/** What a role's history is no use for; `usable` when it is. */
export type Usefulness = 'usable' | 'missing' | 'constant' | 'running total';

/** Whether a signal can be an input of a model of patterns. */
export function usefulnessOf(values: Float32Array): Usefulness {
  let present = 0;
  let rises = 0;
  let falls = 0;
  let last = Number.NaN;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    present++;
    if (value > last) rises++;
    else if (value < last) falls++;
    last = value;
  }
  if (present < LEAST_PRESENT * values.length || present === 0) return 'missing';
  const changes = rises + falls;
  if (changes === 0) return 'constant';
  return changes >= TELLING_CHANGES && falls < LEAST_FALLS * changes ? 'running total' : 'usable';
}
