/** What a shadow has to show before it may decide, and what its record says; all are counts. */
export interface ShadowTrial {
  /** Rows scored, and how many are asked. */
  readonly rows: number;
  readonly leastRows: number;
  /** Times that it rose above its limit, and how many may be. */
  readonly episodes: number;
  readonly mostEpisodes: number;
  /** Events of the model that decides, how many of them it saw too, and how many are asked. */
  readonly events: number;
  readonly agreed: number;
  readonly leastAgreed: number;
  /** Rows beyond its training, and how many may be. */
  readonly outOfModel: number;
  readonly mostOutOfModel: number;
}

/**
 * What a version is to its asset: it decides; scores beside; decided before and can again; was passed by a newer one; has
 * not been tried.
 */
export type ShelfRole = 'active' | 'shadow' | 'previous' | 'retired' | 'new';

/** A version of an asset's model while it is at work. */
export interface ModelAtWork {
  readonly state: string;
  /** Code of the newest trouble; empty when none. */
  readonly code: string;
  /** Mean output over the limit. */
  readonly ratio: number;
  readonly outOfModel: boolean;
  /** Its outputs are no longer those of its training: another should be trained. */
  readonly drifting: boolean;
}

/** What a version's outputs came to, all remembered days together. */
export interface ModelPast {
  readonly days: number;
  readonly rows: number;
  readonly above: number;
  readonly missing: number;
  readonly outOfModel: number;
  readonly episodes: number;
  /** Largest output over the limit; null where the limit is not known. */
  readonly largestRatio: number | null;
  /** Population stability index of the last days. */
  readonly stability: number;
}

/** One version of an asset's model. */
export interface ShelfVersion {
  readonly asset: string;
  readonly version: number;
  readonly role: ShelfRole;
  /** What kind of model, such as `linear`; empty where the manifest cannot be read. */
  readonly kind: string;
  readonly signed: boolean;
  /** Where it was learned from, its first and last day as ISO 8601; empty where its manifest does not say. */
  readonly source: string;
  readonly first: string;
  readonly last: string;
  readonly atWork: ModelAtWork | null;
  readonly past: ModelPast | null;
  /** Of a shadow only. */
  readonly trial: ShadowTrial | null;
}

export const shelfChanges = ['shadow', 'unshadow', 'promote', 'roll-back'] as const;

/** What is to be done with a version; that it still is what the person saw is part of the wish. */
export interface ShelfChange {
  readonly change: (typeof shelfChanges)[number];
  readonly asset: string;
  readonly version: number;
}
