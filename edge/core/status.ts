export type DeviceState = 'connecting' | 'online' | 'backing-off' | 'stopped';

/** Health of one device and its polls since start. */
export interface DeviceStatus {
  readonly id: string;
  readonly driver: string;
  readonly endpoint: string;
  readonly state: DeviceState;
  /** ms since epoch of the last change of state. */
  readonly since: number;
  /** Coded text of the last trouble, empty when none. */
  readonly lastError: string;
  readonly nextStep: string;
  readonly tags: number;
  readonly samples: number;
  readonly badSamples: number;
  readonly polls: PollStatus;
  readonly reconnects: number;
}

/** Punctuality of polls: late = started more than max(10 % of the period, 50 ms) after due. */
export interface PollStatus {
  readonly due: number;
  readonly late: number;
  readonly p99LatenessMs: number;
}
