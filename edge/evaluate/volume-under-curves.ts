/** Scores are cut into at most so many thresholds, evenly by rank. */
const THRESHOLDS = 250;
/** The buffer at both ends of an event grows from none to so many rows, in this many steps. */
const LONGEST_BUFFER = 100;
const BUFFER_STEPS = 10;

/**
 * Volume under the range-based precision-recall curves (VUS-PR; Paparrizos et al., "Volume under the surface", PVLDB 15,
 * 2022): needs no threshold and forgives a few rows of delay. A label fades as √(1 − distance/buffer) within half a buffer
 * around its event; recall is weighted by the share of events that are touched; averaged over buffers of 0 to 100 rows. No
 * point adjustment. 0…1; a score without meaning reaches about the share of faulty rows; NaN without any event.
 * @param labels 1 where something is wrong
 */
export function volumeUnderCurves(labels: Uint8Array, scores: Float64Array): number {
  const events = runsOf(labels, (at) => labels[at] === 1);
  if (events.length === 0) return Number.NaN;
  const order = new Uint32Array(scores.length)
    .map((_, row) => row)
    .sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const cuts = cutsOf(scores, order);
  let sum = 0;
  for (let step = 0; step <= BUFFER_STEPS; step++)
    sum += areaUnderCurve(labels, scores, events, order, cuts, (LONGEST_BUFFER * step) / BUFFER_STEPS);
  return sum / (BUFFER_STEPS + 1);
}

type Run = readonly [from: number, to: number];

function runsOf(rows: ArrayLike<unknown>, has: (at: number) => boolean): Run[] {
  const runs: Run[] = [];
  let start = -1;
  for (let at = 0; at <= rows.length; at++) {
    const inside = at < rows.length && has(at);
    if (inside && start < 0) start = at;
    if (inside || start < 0) continue;
    runs.push([start, at]);
    start = -1;
  }
  return runs;
}

/** How many rows have at least the score at each threshold: equal scores pass together. */
function cutsOf(scores: Float64Array, order: Uint32Array): number[] {
  const cuts = new Set<number>();
  for (let step = 0; step < THRESHOLDS; step++) {
    let rank = Math.floor((step * (order.length - 1)) / Math.max(1, THRESHOLDS - 1));
    const score = scores[order[rank] as number];
    while (rank + 1 < order.length && scores[order[rank + 1] as number] === score) rank++;
    cuts.add(rank + 1);
  }
  return [...cuts];
}

function areaUnderCurve(
  labels: Uint8Array,
  scores: Float64Array,
  events: readonly Run[],
  order: Uint32Array,
  cuts: readonly number[],
  buffer: number,
): number {
  const soft = softened(labels, events, buffer);
  const spans = runsOf(soft, (at) => (soft[at] as number) > 0);
  const peaks = Float64Array.from(spans, ([from, to]) =>
    scores.subarray(from, to).reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY),
  ).sort();
  const faulty = events.reduce((sum, [from, to]) => sum + to - from, 0);
  let [area, recallBefore, hits, hitBuffer, taken, unseen] = [0, 0, 0, 0, 0, spans.length];
  for (const cut of cuts) {
    for (; taken < cut; taken++) {
      const row = order[taken] as number;
      hits += soft[row] as number;
      if (labels[row] === 0) hitBuffer += soft[row] as number;
    }
    const threshold = scores[order[cut - 1] as number] as number;
    while (unseen > 0 && (peaks[unseen - 1] as number) >= threshold) unseen--;
    const positives = (faulty + faulty + hitBuffer) / 2;
    const recall = Math.min(1, hits / positives) * (1 - unseen / spans.length);
    area += (recall - recallBefore) * (hits / cut);
    recallBefore = recall;
  }
  return area;
}

/** Labels that fade within half a buffer around each event. */
function softened(labels: Uint8Array, events: readonly Run[], buffer: number): Float64Array {
  const soft = Float64Array.from(labels);
  const reach = Math.floor(buffer / 2);
  for (const [from, to] of events)
    for (let distance = 1; distance <= reach; distance++) {
      const fade = Math.sqrt(1 - distance / buffer);
      for (const at of [from - distance, to - 1 + distance])
        if (at >= 0 && at < soft.length) soft[at] = Math.min(1, (soft[at] as number) + fade);
    }
  return soft;
}
