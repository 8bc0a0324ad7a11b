import type { Location } from './distance.ts';

/** One observation that a finding rests on. */
export interface Evidence {
  /** Tag name `device/point`, or a derived quantity such as `net-inflow`. */
  readonly tag: string;
  readonly observed: number;
  /** Expected value or the limit that was passed. */
  readonly expected: number;
  readonly unit: string;
  /** What the figure was taken over, in seconds; 0 for one sample. */
  readonly windowS: number;
}

/** A candidate for where it is, the likeliest first. */
export interface Place {
  /** Node of a network, or a tag `device/point` at which it shows most. */
  readonly id: string;
  /** Null where it is not surveyed. */
  readonly location: Location | null;
  /** 0..1; those of all candidates add up to 1, of which the likeliest are told. */
  readonly probability: number;
  /** From the likeliest candidate, m; null where one is not surveyed. */
  readonly distanceM: number | null;
  /** Radius around it that holds nine tenths of all probability, m; null where it is not known. */
  readonly withinM: number | null;
}

/**
 * A detector's claim about an asset. Sent when it becomes true and when it ceases to be; once more while it is true when
 * what has been seen since tells better where it is.
 */
export interface Finding {
  readonly asset: string;
  /** Kind within the pack, e.g. `burst`, `low-pressure`, `stale`; (asset, kind) names one alarm. */
  readonly kind: string;
  /** Detector that claims it, e.g. `limit`, `district-balance`. */
  readonly from: string;
  readonly active: boolean;
  /** 0..1; 0.5 is the alarm threshold. */
  readonly score: number;
  /** ms since epoch of the sample that decided it. */
  readonly time: number;
  /** ms since epoch since when what it comes of can have been on its way from above; left out where it came of itself. */
  readonly since?: number;
  readonly evidence: readonly Evidence[];
  /** What each part of a joint decision said, e.g. `{ cusum: 'alarm', model: 'score 0.93' }`. */
  readonly decision?: Readonly<Record<string, string>>;
  /** Where within the asset's surroundings it is; left out where nobody can say. */
  readonly place?: readonly Place[];
  /** Rests on a value that a person simulates, to test the loop. */
  readonly simulated?: true;
}
