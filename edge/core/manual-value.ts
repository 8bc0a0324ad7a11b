/** A value that a person has put in the place of what the wire says (人工置数). */
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
}
