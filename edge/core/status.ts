import type { Problem } from './errors.ts';

export type DeviceState = 'connecting' | 'online' | 'backing-off' | 'stopped';

/** How one device does now: what can be looked at every second. */
export interface DeviceHealth {
  readonly id: string;
  readonly endpoint: string;
  readonly state: DeviceState;
  /** Coded text of the last trouble, empty when none. */
  readonly lastError: string;
  /** The same with its next step, in both languages; left out when none. */
  readonly problem?: Problem;
  /** When that was told, ms since epoch; it is over once the device is online again. */
  readonly troubledAt?: number;
  /** By period, shortest first; empty for devices that report by themselves, and before the first session. */
  readonly groups: readonly GroupPace[];
}

/** Health of one device and its polls since start. */
export interface DeviceStatus extends DeviceHealth {
  readonly driver: string;
  /** ms since epoch of the last change of state. */
  readonly since: number;
  readonly nextStep: string;
  readonly tags: number;
  readonly samples: number;
  readonly badSamples: number;
  readonly polls: PollStatus;
  readonly groups: readonly GroupStatus[];
  readonly reconnects: number;
}

/** Punctuality of polls: late = started more than max(10 % of the period, 50 ms) after due. */
export interface PollStatus {
  readonly due: number;
  readonly late: number;
  readonly p99LatenessMs: number;
}

/** How one poll group of a device keeps its period. Counts are since start. */
export interface GroupPace {
  readonly periodMs: number;
  /** Mean distance of the last starts (up to 16, the open one included); null while the device is away or just back. */
  readonly achievedMs: number | null;
  /** The same without the longest distance that is over: what a single hiccup does not move. */
  readonly steadyMs: number | null;
  /** Polls that were due while the one before was still running, or while the process stood still. */
  readonly overruns: number;
  readonly points: number;
  /** Requests that one reading takes at present; null where the driver does not say. */
  readonly requests: number | null;
}

/** The same with what the polls of the group were like since start. */
export interface GroupStatus extends GroupPace {
  readonly p99LatenessMs: number;
  /** How often all points were read. */
  readonly readings: number;
}
