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

/** A detector's claim about an asset. Sent when it becomes true and when it ceases to be. */
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
  readonly evidence: readonly Evidence[];
  /** What each part of a joint decision said, e.g. `{ cusum: 'alarm', model: 'score 0.93' }`. */
  readonly decision?: Readonly<Record<string, string>>;
}
