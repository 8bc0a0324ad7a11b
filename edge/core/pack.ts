import type { Priority, RiskLevel } from './alarm.ts';
import { type SiteLimit, utilityOf } from './asset.ts';
import type { PackPicture } from './picture.ts';
import type { Text } from './text.ts';

/** A role that an asset kind's tags can fill. */
export interface PackRole {
  readonly name: Text;
  /** Unit the role is expected in; empty for states and counts. */
  readonly unit: string;
  readonly required: boolean;
  /** Lowest and highest value that a sound instrument can show here, in `unit`; holds for points that state none. */
  readonly plausible?: readonly [low: number, high: number] | undefined;
}

/** So many crossings of a limit, 2 at least, within so many seconds. */
export interface CrossingCount {
  readonly n: number;
  readonly withinS: number;
}

/** A fixed limit on one role. Exactly one of `above`, `below`, `equals` is given. */
export interface PackLimit {
  readonly kind: string;
  readonly role: string;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly equals?: number | undefined;
  /** What raises `above`: one for each client that may be at the asset's devices besides this gateway. */
  readonly plus?: 'lawful-clients' | undefined;
  /** Must last this long before it counts, and be gone this long before it clears, in seconds. */
  readonly onDelayS: number;
  readonly offDelayS: number;
  /** Only when it has been crossed so often within so many seconds; each crossing must last `onDelayS`. Never for safety. */
  readonly count?: CrossingCount | undefined;
  /** Engineering units that the value must come back beyond the limit. */
  readonly hysteresis: number;
  /** Only while another role of the same asset has this value. */
  readonly when?: { readonly role: string; readonly equals: number } | undefined;
  /** Candidates for where it comes from are the asset and those of its kind that it feeds or is fed by. */
  readonly place?: 'neighbours' | undefined;
  /** Whether the figure belongs to the plant (a tank's height, a set point), so that each site is to state its own. */
  readonly site?: boolean | undefined;
  /** Standard clause the figure comes from, or `default`; `site` where the site has stated it. */
  readonly source: string;
}

/** What of a limit an asset may have otherwise; a page has it with `null` for what is no number. */
interface Adjustable extends Pick<PackLimit, 'kind' | 'plus'> {
  readonly above?: number | null | undefined;
  readonly below?: number | null | undefined;
  readonly source?: string;
}

type Stated = { readonly [Key in keyof SiteLimit]: SiteLimit[Key] | null };

/** What an asset has to do with its limits. */
interface OwnLimits {
  readonly lawfulClients?: readonly string[];
  readonly limits?: Readonly<Record<string, Stated>>;
  readonly reviewed?: Readonly<Record<string, Stated>>;
}

/** A limit as it holds for one asset: as the review has it, as the site states it, else as the pack does, and raised by its lawful clients. */
export function limitAt<L extends Adjustable>(limit: L, { lawfulClients = [], limits, reviewed }: OwnLimits): L {
  const own =
    limits?.[limit.kind] || reviewed?.[limit.kind] ? { ...limits?.[limit.kind], ...reviewed?.[limit.kind] } : undefined;
  const stated = own ? siteLimit(limit, own) : limit;
  if (stated.plus === undefined || typeof stated.above !== 'number') return stated;
  return { ...stated, above: stated.above + lawfulClients.length };
}

/** The limit takes the figure of the side that it has, and all else that is stated. */
function siteLimit<L extends Adjustable>(limit: L, { above, below, reason, ...times }: Stated): L {
  const figures = {
    ...times,
    ...(typeof limit.above === 'number' ? { above } : {}),
    ...(typeof limit.below === 'number' ? { below } : {}),
  };
  const stated = Object.entries(figures).filter(([, value]) => typeof value === 'number');
  const source = typeof reason === 'string' ? `site: ${reason}` : 'site';
  return { ...limit, ...Object.fromEntries(stated), source };
}

/** A detector attached to an asset kind; `options` are the detector's own. */
export interface PackDetector {
  readonly detector: string;
  /** Kind of the findings it makes. */
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Which way along what feeds what a condition is felt. */
export type Spread = 'downstream' | 'upstream' | 'both';

/** Evidence that raises the level of an alarm that stands, to `to`; one kind of it by rule. */
export interface RiskGrowth {
  readonly to: RiskLevel;
  /** What a role of its asset shows, against a second limit, with the words for it: `{value}`, `{limit}`. */
  readonly role?: string | undefined;
  readonly above?: number | undefined;
  readonly below?: number | undefined;
  readonly hysteresis?: number | undefined;
  readonly why?: Text | undefined;
  /** So many assets are fed by its own, over whatever lies between. */
  readonly downstream?: number | undefined;
  /** Alarms of so many utilities, its own included, stand in its incident. */
  readonly utilities?: number | undefined;
  /** Nobody has acknowledged it for so long. */
  readonly unacknowledgedMin?: number | undefined;
}

/** How a kind of finding becomes an alarm. */
export interface PackAlarm {
  readonly priority: Priority;
  readonly riskLevel: RiskLevel;
  /** What raises the level of its incident above that, and lets it fall again. */
  readonly grows?: readonly RiskGrowth[] | undefined;
  readonly safety: boolean;
  /** Class of part or event by which a city's management platform files it (GB/T 30428.2): four digits. */
  readonly eventClass?: string | undefined;
  /** Alarms that way of its own kind, and of what it explains, are its consequences: they make one incident with it. */
  readonly spreads?: Spread | undefined;
  /** Further kinds that it can bring about there; `*` stands for every kind. */
  readonly spreadsAs?: readonly string[] | undefined;
  /**
   * Kinds that are its symptoms, on the same asset: where they come too, this one is the cause. `*` stands for every
   * kind that rests on the same tag.
   */
  readonly explains?: readonly string[] | undefined;
  /**
   * The role of the same asset by which it feels what happens above, and in how many minutes at the most: it is the consequence
   * of what can bring it about and moved that value, for as long as the value has not come back.
   */
  readonly carriedBy?: { readonly role: string; readonly delayMin: number } | undefined;
  /** Stays in the list when its condition is over, until somebody resets it. */
  readonly latching?: boolean | undefined;
  /** In how many minutes somebody must have acted; not acknowledged by then, it is escalated. Left out: by priority and risk level. */
  readonly respondWithinMin?: number | undefined;
  /** Acknowledged and still standing, it is announced anew after so many minutes. */
  readonly reAlarmMin?: number | undefined;
  /** Kinds on the same asset that say the same and more: while one of them stands this one is suppressed. Never for safety. */
  readonly suppressedBy?: readonly string[] | undefined;
  /** Suppressed while another role of the same asset has this value. Never for safety. */
  readonly suppressedWhile?: { readonly role: string; readonly equals: number } | undefined;
  /** What comes of it when nobody acts. */
  readonly consequence?: Text | undefined;
  /** May contain `{asset} {value} {limit} {unit} {tag}`, and `{share}`: the value in percent of what was expected. */
  readonly message: Text;
  readonly cause: Text;
  readonly response: Text;
  /** Standard operating steps (应急处置), one after another: protect people, isolate, tell, mend, prove. */
  readonly steps?: readonly Text[] | undefined;
}

/** What a person is helped with who has to deal with an alarm. */
export type Guidance = Pick<PackAlarm, 'consequence' | 'steps'>;

export interface PackAsset {
  readonly name: Text;
  readonly roles: Readonly<Record<string, PackRole>>;
  readonly limits: readonly PackLimit[];
  readonly detectors: readonly PackDetector[];
  readonly alarms: Readonly<Record<string, PackAlarm>>;
  /** Left out: a box with all values. */
  readonly picture?: PackPicture | undefined;
}

/** How one value is made of many. */
export const aggregations = ['sum', 'minimum', 'maximum', 'mean', 'running'] as const;
export type Aggregation = (typeof aggregations)[number];

/** What tells of a utility at a glance: one role over all its assets of a kind; `running` counts those that are not 0. */
export interface PackFigure {
  readonly kind: string;
  readonly role: string;
  readonly over: Aggregation;
}

/** Meaning of one utility: `models/<utility>/pack.yaml`. */
export interface Pack {
  readonly pack: string;
  readonly version: number;
  readonly name: Text;
  /** In the order of preference. */
  readonly figures: readonly PackFigure[];
  /** Keyed by kind: `district` for `water.district`. */
  readonly assets: Readonly<Record<string, PackAsset>>;
}

/** What the packs, by utility, say of a type of asset such as `water.district`; undefined when none knows it. */
export function packAssetOf(packs: ReadonlyMap<string, Pack>, type: string): PackAsset | undefined {
  const utility = utilityOf(type);
  return packs.get(utility)?.assets[type.slice(utility.length + 1)];
}
