/** A person works on an asset or a device (挂牌检修): its alarms are out of service meanwhile, safety excepted. */
export interface MaintenanceTag {
  /** Asset or device. */
  readonly subject: string;
  readonly by: string;
  readonly reason: string;
  /** ms since epoch: since when, and until when at the latest. */
  readonly since: number;
  readonly until: number;
}

/** A span in which maintenance was done, ms since epoch. */
export interface MaintenancePeriod {
  readonly subject: string;
  readonly from: number;
  readonly to: number;
}
