import type { PackAsset } from '../../core/pack.ts';
import type { Complaint, WatchedTags } from './watched-tags.ts';

/** A value must be beyond its range for so long; a plant that is switched about comes back or takes others along by then. */
const driftMs = 900_000;
/** What left its range within this time of a leap did so by that leap. */
const leapMs = 10_000;

/** What drifts are judged by. */
export interface DriftView {
  readonly watched: WatchedTags;
  /** Units by tag. */
  readonly units: readonly string[];
  /** Tags that a pack judges by a limit or a pattern of its own, which knows better. */
  readonly judged: ReadonlySet<number>;
  /** What moves with a tag when the plant does. */
  company(tag: number): readonly number[];
}

/**
 * What a tag that has long been beyond its range suffers from; nothing while it may be the plant: what it stands beside is
 * within its own range then, and so is everything of its unit (weather moves all temperatures).
 */
export function driftOf(tag: number, view: DriftView, nowMs: number): Complaint | undefined {
  const { watched, units, judged, company } = view;
  const { ranges, leaps } = watched;
  const side = ranges.side(tag);
  if (side === 0 || nowMs - ranges.since(tag) < driftMs || judged.has(tag)) return undefined;
  const before = watched.drifted[tag];
  if (before !== undefined) return before;
  const sound = (other: number) => watched.complaint(other) === undefined;
  if (company(tag).some((other) => ranges.side(other) !== 0 && sound(other))) return undefined;
  const unit = units[tag];
  const alike = (other: number) => other !== tag && units[other] === unit && ranges.side(other) === side;
  for (let other = 0; other < units.length; other++) if (alike(other) && sound(other)) return undefined;
  return Math.abs(leaps.lastLeapMs(tag) - ranges.since(tag)) <= leapMs ? 'bias' : 'drift';
}

/** The roles that the limits and patterns of a pack judge. */
export const judgedRoles = ({ limits, detectors }: PackAsset): readonly string[] => [
  ...limits.map(({ role }) => role),
  ...detectors.flatMap(({ options }) => rolesNamed(options)),
];

/** Every `role` in the options of a detector. */
function rolesNamed(options: unknown): readonly string[] {
  if (typeof options !== 'object' || options === null) return [];
  return Object.entries(options).flatMap(([key, value]) =>
    key === 'role' && typeof value === 'string' ? [value] : rolesNamed(value),
  );
}
