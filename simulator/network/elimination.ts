/** In which order the unknowns of a sparse system are eliminated, and what that fills. */
export interface Elimination {
  /** Unknown by step. */
  readonly order: Int32Array;
  /** Step by unknown. */
  readonly stepOf: Int32Array;
  /** The later steps that step k touches stand, rising, in `later` from `start[k]` to before `start[k + 1]`. */
  readonly start: Int32Array;
  readonly later: Int32Array;
}

/**
 * Unknowns by their number of neighbours, for the one with the fewest; of several the one that changed last, which keeps
 * to one neighbourhood and fills less. What has changed since it was added is passed over.
 */
class DegreeQueue {
  private readonly buckets: number[][] = [];
  private lowest = 0;

  add(unknown: number, degree: number): void {
    while (this.buckets.length <= degree) this.buckets.push([]);
    this.buckets[degree]?.push(unknown);
    this.lowest = Math.min(this.lowest, degree);
  }

  /** `degreeOf`: the present number of neighbours; undefined for what is eliminated. */
  take(degreeOf: (unknown: number) => number | undefined): number {
    for (;;) {
      const unknown = this.buckets[this.lowest]?.pop();
      if (unknown === undefined) this.lowest++;
      else if (degreeOf(unknown) === this.lowest) return unknown;
      if (this.lowest > this.buckets.length) throw new RangeError('nothing left to eliminate');
    }
  }
}

/**
 * Minimum degree ordering (D. Rose, A graph-theoretic study of the numerical solution of sparse positive definite
 * systems, 1972): the unknown with the fewest neighbours goes first, and its neighbours become neighbours of each other.
 * `pairs` are the couplings [a, b, a, b, …]; a coupling counts in both directions.
 */
export function eliminate(size: number, pairs: Int32Array): Elimination {
  const neighbours = Array.from({ length: size }, () => new Set<number>());
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const [a, b] = [pairs[at] as number, pairs[at + 1] as number];
    if (a === b) continue;
    neighbours[a]?.add(b);
    neighbours[b]?.add(a);
  }
  const queue = new DegreeQueue();
  neighbours.forEach((set, unknown) => {
    queue.add(unknown, set.size);
  });
  const order = new Int32Array(size);
  const stepOf = new Int32Array(size).fill(-1);
  const degreeOf = (unknown: number) => (stepOf[unknown] === -1 ? neighbours[unknown]?.size : undefined);
  for (let step = 0; step < size; step++) {
    const unknown = queue.take(degreeOf);
    order[step] = unknown;
    stepOf[unknown] = step;
    const around = neighbours[unknown] as Set<number>;
    for (const one of around) {
      const set = neighbours[one] as Set<number>;
      for (const other of around) if (other !== one) set.add(other);
      set.delete(unknown);
      queue.add(one, set.size);
    }
  }
  return { order, stepOf, ...inRows(order, stepOf, neighbours) };
}

/** After elimination the set of each unknown holds those that were eliminated later. */
function inRows(order: Int32Array, stepOf: Int32Array, neighbours: readonly Set<number>[]) {
  const start = new Int32Array(order.length + 1);
  const rows = Array.from(order, (unknown) =>
    Int32Array.from(neighbours[unknown] as Set<number>, (other) => stepOf[other] as number).sort(),
  );
  rows.forEach((row, step) => {
    start[step + 1] = (start[step] as number) + row.length;
  });
  const later = new Int32Array(start[order.length] as number);
  rows.forEach((row, step) => {
    later.set(row, start[step]);
  });
  return { start, later };
}
