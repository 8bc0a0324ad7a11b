/**
 * Where a falling function comes down to `wanted`, by bisection: the upper end of what is left between `low`, where it is
 * above, and `high`, where it is not.
 * @param steps how often what is left is halved
 */
export function whereFallsTo(
  of: (at: number) => number,
  wanted: number,
  low: number,
  high: number,
  steps: number,
): number {
  let [above, atMost] = [low, high];
  for (let step = 0; step < steps; step++) {
    const middle = (above + atMost) / 2;
    if (of(middle) > wanted) above = middle;
    else atMost = middle;
  }
  return atMost;
}
