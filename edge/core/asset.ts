/** What a site says of a limit, where it is not as the pack has it; figures in the unit of the role. */
export interface SiteLimit {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly onDelayS?: number | undefined;
  readonly offDelayS?: number | undefined;
  readonly hysteresis?: number | undefined;
  /** Why; what a limit of safety needs to be moved away from its safe side. */
  readonly reason?: string | undefined;
}

/** A thing in the city with roles filled by tags. */
export interface Asset {
  readonly id: string;
  /** `<utility>.<kind>`, e.g. `water.district`; the part before the dot names the pack. */
  readonly type: string;
  readonly name: string;
  /** Grid cell code of the city's management platform (GB/T 30428 style). */
  readonly grid: string;
  /** Longitude, latitude (WGS 84); undefined when not surveyed. */
  readonly location: readonly [number, number] | undefined;
  /** Assets and devices that this one feeds. */
  readonly upstreamOf: readonly string[];
  /** Role → tag index. */
  readonly roles: Readonly<Record<string, number>>;
  /** Addresses from which clients besides this gateway may be connected to the devices that fill its roles. */
  readonly lawfulClients?: readonly string[];
  /** Limits of its own, by kind. */
  readonly limits?: Readonly<Record<string, SiteLimit>>;
  /** What the review of alarms says of its limits, by kind: it comes before what the asset states of its own. */
  readonly reviewed?: Readonly<Record<string, SiteLimit>>;
}

/** The utility of an asset type: the part before the dot. */
export function utilityOf(type: string): string {
  const dot = type.indexOf('.');
  return dot < 0 ? type : type.slice(0, dot);
}
