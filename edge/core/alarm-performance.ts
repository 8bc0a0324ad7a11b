import type { Priority } from './alarm.ts';

/** One time that an alarm was announced, with what became of it. Times are ms since epoch. */
export interface Announced {
  /** `<asset>/<kind>`. */
  readonly id: string;
  readonly priority: Priority;
  readonly safety: boolean;
  readonly raisedAt: number;
  /** Undefined while nobody has. */
  readonly acknowledgedAt: number | undefined;
  /** Undefined while its condition stands. */
  readonly clearedAt: number | undefined;
  /** When its condition came, this time and while it was held for chattering. */
  readonly activatedAt: readonly number[];
  /** How often its condition was over within seconds and it was held; left out where it never was. */
  readonly fleetingHeld?: number;
}

/** An alarm with how often something was so. */
export interface Counted {
  readonly id: string;
  readonly count: number;
}

/** How an alarm system does over a span: figures of IEC 62682 clause 16 and EEMUA 191, with their targets beside them. */
export interface AlarmPerformance {
  /** ms since epoch. */
  readonly from: number;
  readonly to: number;
  readonly announced: number;
  /** Alarms in ten minutes: the mean, and the most in one of the ten-minute intervals from `from` on. Targets 1 and 10. */
  readonly meanPer10Min: number;
  readonly peakPer10Min: number;
  /** Share of the span in flood, 0..1, and how many floods. Target 0.01. */
  readonly floodShare: number;
  readonly floods: number;
  /** Share of all announced, 0..1; targets: high and critical together 0.05, medium 0.15, low 0.8. */
  readonly mix: Readonly<Record<Priority, number>>;
  /** The ten announced most often, with their share of all, 0..1. Target: together 0.05. */
  readonly top: readonly (Counted & { readonly share: number })[];
  /** With three or more activations in one minute, and how many minutes-long bursts of that. Target none. */
  readonly chattering: readonly Counted[];
  /** Over again within ten seconds, and how often. */
  readonly fleeting: readonly Counted[];
  /** Standing for more than a day within the span, the longest first. Target: fewer than five. */
  readonly stale: readonly { readonly id: string; readonly hours: number }[];
  /** Seconds from announcement to acknowledgement: half of them sooner, 95 % sooner; null while nobody has acknowledged. */
  readonly acknowledgeS: { readonly median: number | null; readonly p95: number | null };
  /** Announced and not acknowledged by the end of the span. */
  readonly unacknowledged: number;
}
