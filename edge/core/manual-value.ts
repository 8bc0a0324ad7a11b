/** A value that a person has put in the place of what the wire says (人工置数), or simulates to test a loop (仿真). */
export interface ManualValue {
  /** `device/point`. */
  readonly tag: string;
  /** In the unit of the tag. */
  readonly value: number;
  readonly by: string;
  readonly reason: string;
  /** ms since epoch: since when, and until when at the latest. */
  readonly since: number;
  readonly until: number;
  /** Limits and safety alarms take it for measured, and mark what comes of it. */
  readonly simulated?: boolean;
  /** What the wire says meanwhile, in the unit of the tag; left out where it says nothing good. */
  readonly real?: number;
}
