import type { z } from 'zod';
import type { Asset } from '../core/asset.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { LifelineError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { PackAsset } from '../core/pack.ts';
import type { TagTable } from '../core/tag.ts';
import type { ExpectedCourse, Rung, Watch } from '../core/watch.ts';
import type { Calibration } from './calibration.ts';
import type { ModelRunner } from './model.ts';
import type { OutOfModelMinutes } from './out-of-model.ts';
import type { Trust } from './trust.ts';

/** What every detector is made with. */
export interface DetectorContext {
  readonly assets: readonly Asset[];
  /** What the packs say of an asset's kind; undefined when no pack knows it. */
  packAssetOf(asset: Asset): PackAsset | undefined;
  readonly tags: TagTable;
  readonly live: LiveTable;
  /** Whether a person simulates the tag's value, so that limits are to take what is substituted for measured. */
  simulated(tag: number): boolean;
  /** Which tags to believe, beyond what the wire says of them. */
  readonly trust: Trust;
  readonly clock: Clock;
  readonly calibration: Calibration | undefined;
  /** Where detectors tell what lay beyond their training. */
  readonly outOfModel: OutOfModelMinutes;
  /** The runner of a model by utility and name; the same runner for the same model. */
  model(utility: string, name: string): ModelRunner;
  /** Monotonic ms at which this gateway last wrote to a device; −∞ when it never did. */
  lastOwnWriteMs(device: string): number;
  /**
   * How many times as wide as calibrated the statistical limits of a claim are: what the alarm budget and people's
   * verdicts make of it, 1 for what concerns safety. May change at any time.
   */
  tolerance(claim: Claim): number;
  /** A claim that became true or ceased to be. */
  emit(finding: Finding): void;
  notice(error: LifelineError): void;
}

/** What can be claimed of an asset. */
export interface Claim {
  readonly asset: Asset;
  /** Kind of the findings; empty for detectors whose limits name their own kinds. */
  readonly kind: string;
}

/** A detector asked for by a pack on one asset. */
export interface Attachment extends Claim {
  readonly packAsset: PackAsset;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A claim's name. */
export const claimOf = ({ asset, kind }: Claim): string => `${asset.id}/${kind}`;

/** What is watched for claims, each by its claim's name. */
export const byClaim = <Watched extends { readonly attachment: Attachment }>(watched: readonly Watched[]) =>
  watched.map((one) => [claimOf(one.attachment), one] as const);

/** What a detector says of one of its claims; who says it is known by whom it is asked. */
export type OwnWatch = Omit<Watch, 'detector' | 'rung' | 'historyDays'>;

/** A watch over an attachment's claim, with what there is to say beside its state. */
export const watchOver = (
  { asset, kind }: Attachment,
  state: Watch['state'],
  more: Partial<Omit<OwnWatch, 'asset' | 'state'>> = {},
): OwnWatch => ({ asset: asset.id, kind, state, roles: [], score: null, evidence: [], ...more });

/** The scale that scores of ratios share: 0.5 where the limit is reached, 0.9 at three times it; 0 below nothing. */
export const scoreOfRatio = (ratio: number): number => (ratio > 0 ? ratio ** 2 / (1 + ratio ** 2) : 0);

/**
 * What a detector remembers: plain data, of which `JSON.stringify` and back loses nothing, with null for what is not a
 * number. Monotonic times in it are those of the clock that the detector has, which goes on over a restart.
 */
export type Snapshot = Readonly<Record<string, unknown>>;

/** One detector over all the assets it is attached to, its state held in columns. */
export interface Detector {
  /** At scan rate, for what must see every value. */
  batch?(batch: SampleBatch): void;
  /** Once a second, after the batches of that second. `wallMs` stamps, `monotonicMs` measures. */
  tick?(wallMs: number, monotonicMs: number): void;
  /** The wall clock, by which samples without a source time are stamped, has moved by so much at once. */
  clockJumped?(byMs: number): void;
  /** Where each of its claims stands, those included that it cannot make. */
  watches(): readonly OwnWatch[];
  /** How what one of its claims rests on is reckoned from history; undefined where that cannot be drawn. */
  course?(asset: string, kind: string): ExpectedCourse | undefined;
  snapshot(): Snapshot;
  /**
   * Takes over what fits of an earlier snapshot; assets that are gone are passed over.
   * @returns the claims (`asset/kind`) that stand by it: emitted before, and to be ended by this detector
   */
  restore(snapshot: Snapshot): readonly string[];
}

/** How a detector enters the registry. */
export interface DetectorFactory {
  /** Where it stands on the ladder. */
  readonly rung: Rung;
  /** Days of history at least that its calibration is learned from; a day of whole minutes when left out. */
  readonly historyDays?: number;
  /** Whether its limits follow `context.tolerance`; those of rules do not. */
  readonly statistical?: true;
  /** Options of one attachment, checked before `create` sees them. */
  readonly options: z.ZodType<Readonly<Record<string, unknown>>>;
  create(context: DetectorContext, attachments: readonly Attachment[]): Detector;
}

/** Roles of an asset that some of these tags fill. */
export const rolesFilledBy = ({ roles }: Asset, tags: readonly number[]): readonly string[] =>
  Object.keys(roles).filter((role) => tags.includes(roles[role] as number));

/** Since when something has been so, monotonic ms; NaN while it is not. @param beforeMs the same a moment ago */
export function sinceWhen(isSo: boolean, beforeMs: number, nowMs: number): number {
  if (!isSo) return Number.NaN;
  return Number.isNaN(beforeMs) ? nowMs : beforeMs;
}
