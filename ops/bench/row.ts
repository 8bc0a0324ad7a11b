/** One measured figure, beside a peer measured in the same run where there is one. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly peer: { readonly name: string; readonly value: number } | null;
  /** value / peer. */
  readonly ratio: number | null;
  /** What is aimed at, in words; empty when nothing is. */
  readonly target: string;
  /** Whether the target is met; null when there is none. */
  readonly ok: boolean | null;
}

/** A figure without a peer that must not be larger than `limit`. */
export function atMost(name: string, unit: string, value: number, limit: number): BenchRow {
  return { name, value, unit, better: 'lower', peer: null, ratio: null, target: `≤ ${limit}`, ok: value <= limit };
}

/** A figure without a peer and without a target. */
export function untargeted(name: string, unit: string, value: number, better: BenchRow['better'] = 'lower'): BenchRow {
  return { name, value, unit, better, peer: null, ratio: null, target: '', ok: null };
}

/** A figure without a peer that must not be smaller than `limit`. */
export function atLeast(name: string, unit: string, value: number, limit: number): BenchRow {
  return { name, value, unit, better: 'higher', peer: null, ratio: null, target: `≥ ${limit}`, ok: value >= limit };
}
