/** Lift of a pump over its flow: c0 + c1 Q + c2 Q². */
export class PumpCurve {
  /** Lift in Pa at the flow given last, and its slope in Pa/(m³/s). */
  liftPa = 0;
  slope = 0;
  private readonly coefficients: readonly [number, number, number];
  private readonly scaleM3S: number;

  /** A least-squares quadratic through `points`; through two points a straight line, through one the same lift for all flows. */
  constructor(points: readonly { readonly flowM3H: number; readonly liftBar: number }[]) {
    this.scaleM3S = Math.max(...points.map(({ flowM3H }) => flowM3H), 1) / 3600;
    const shares = points.map(({ flowM3H }) => flowM3H / 3600 / this.scaleM3S);
    const lifts = points.map(({ liftBar }) => liftBar * 1e5);
    this.coefficients = leastSquares(shares, lifts, Math.min(points.length, 3));
  }

  /** A lift is never less than 0; backwards the curve stays at what it has at rest. Sets `liftPa` and `slope`. */
  at(flowM3S: number): void {
    const [c0, c1, c2] = this.coefficients;
    const share = Math.max(0, flowM3S / this.scaleM3S);
    const lift = c0 + share * (c1 + share * c2);
    this.liftPa = Math.max(0, lift);
    this.slope = lift > 0 && flowM3S > 0 ? (c1 + 2 * share * c2) / this.scaleM3S : 0;
  }
}

/** Coefficients of the polynomial with `terms` terms that is nearest to y(x) in the sum of squares; the others are 0. */
function leastSquares(x: readonly number[], y: readonly number[], terms: number): [number, number, number] {
  const sum = (of: (x: number, y: number) => number) =>
    x.reduce((total, each, index) => total + of(each, y[index] as number), 0);
  const rows = Array.from({ length: terms }, (_, row) => [
    ...Array.from({ length: terms }, (_, column) => sum((each) => each ** (row + column))),
    sum((each, value) => value * each ** row),
  ]);
  rows.forEach((pivot, step) => {
    for (const row of rows.slice(step + 1)) {
      const factor = (row[step] as number) / (pivot[step] as number);
      for (let column = step; column <= terms; column++) {
        row[column] = (row[column] as number) - factor * (pivot[column] as number);
      }
    }
  });
  const found: [number, number, number] = [0, 0, 0];
  for (let step = terms - 1; step >= 0; step--) {
    const row = rows[step] as number[];
    const rest = found.reduce((total, each, column) => (column > step ? total + each * (row[column] ?? 0) : total), 0);
    found[step] = ((row[terms] as number) - rest) / (row[step] as number);
  }
  return found;
}
