import { crc32 } from 'node:zlib';
import type { Asset } from '../../core/asset.ts';
import type { Place } from '../../core/finding.ts';
import type { ExpectedCourse } from '../../core/watch.ts';
import { bindEach, withoutCalibration, withoutRoles } from '../binding.ts';
import type { ResidualCalibration } from '../calibration.ts';
import {
  type Attachment,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  type Snapshot,
  scoreOfRatio,
  watchOver,
} from '../detector.ts';
import { recall, remembered } from '../memory.ts';
import { alongCable } from '../place/along-cable.ts';
import { StandingPlace } from '../place/standing-place.ts';
import { tagsOfRole } from '../role-tags.ts';
import { Departure, minuteS, type SlotOf } from './departure.ts';
import { type ResidualOptions, residualName, residualOptions, rolesOf } from './options.ts';
import { WindowMeans } from './window-means.ts';

/** One claim: that values depart from what is expected, all as stated. */
interface Claim {
  readonly attachment: Attachment;
  /** `asset/kind`, with the part where there are several. */
  readonly name: string;
  /** Tags of a role, wherever it is. */
  readonly tagsOf: (role: string) => readonly number[];
  readonly departure: Departure;
  /** The windows that it looks at. */
  readonly window: Window;
  /** Slot of the role that must have a value; -1 without a condition. */
  readonly whenSlot: number;
  readonly whenEquals: number;
  /** Where it is, as of the minute that was judged last; undefined where that is not asked for. */
  readonly look: (() => readonly Place[]) | undefined;
  /** Where the claim is that stands; undefined after a restart. */
  place: StandingPlace | undefined;
}

/** Polls of a value that a window short of a minute must have. */
const leastPolls = 2;

/** Windows of one length, for all claims that look at them. */
interface Window {
  readonly windowS: number;
  readonly means: WindowMeans;
  openedMs: number;
}

/** What is remembered of a window and of a claim. */
const memory = ['openedMs', 'means', 'state', 'ratio', 'outcome'] as const;

/**
 * Values against what the other values of the asset, its peers and the hour let expect: calibrated regressions, their
 * residuals in CUSUM charts whose limits come from held-out history.
 */
class ResidualDetector implements Detector {
  private readonly context: DetectorContext;
  /** By their length, s. */
  private readonly windows = new Map<number, Window>();
  private readonly claims: readonly Claim[];
  /** Claims that cannot be made. */
  private readonly unwatched: readonly OwnWatch[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const bind = (attachment: Attachment) => this.bind(attachment);
    const { watched, unwatched } = bindEach(context, attachments, bind, 'residuals');
    this.claims = watched;
    this.unwatched = unwatched;
    for (const { means } of this.windows.values()) means.ready();
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const window of this.windows.values()) {
      const { windowS, means } = window;
      if (Number.isNaN(window.openedMs)) window.openedMs = monotonicMs;
      means.add(this.context.live, this.context.trust);
      if (monotonicMs - window.openedMs < windowS * 1000) continue;
      window.openedMs = monotonicMs;
      means.close();
      for (const claim of this.claims) if (claim.window === window) this.judge(claim, wallMs, monotonicMs);
    }
  }

  watches(): readonly OwnWatch[] {
    return [...this.claims.map((claim) => this.watch(claim)), ...this.unwatched];
  }

  course(asset: string, kind: string): ExpectedCourse | undefined {
    const claim = this.claims.find(({ name }) => name === `${asset}/${kind}`) ?? this.likeliest(`${asset}/${kind}`);
    if (!claim) return undefined;
    const { tags, calibration } = this.context;
    const tagsOf = (role: string) => claim.tagsOf(role).map((tag) => tags.at(tag).name);
    const unitOf = (name: string) => tags.at(tags.indexOf(name) ?? -1).unit;
    return claim.departure.course(tagsOf, unitOf, calibration?.utcOffsetMinutes ?? 0);
  }

  snapshot(): Snapshot {
    return remembered(this.named(), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(this.named(), memory, snapshot);
    const active = this.claims.filter(({ departure }) => departure.state.active);
    return [...new Set(active.map(({ attachment }) => claimOf(attachment)))];
  }

  /** Windows by what is measured in them: a configuration may have other values in their places. */
  private named(): (readonly [string, object])[] {
    const { tags } = this.context;
    const windows = Array.from(this.windows.values(), (window) => {
      const measured = window.means.tags.map((tag) => (tag < 0 ? '' : tags.at(tag).name));
      return [`${window.windowS} s of ${crc32(measured.join())}`, window] as const;
    });
    return [...windows, ...this.claims.map(({ name, departure }) => [name, departure] as const)];
  }

  private watch({ attachment, name, departure, window, tagsOf, whenSlot, whenEquals }: Claim): OwnWatch {
    const { windowS, means, openedMs } = window;
    const { state, outcome, ratio } = departure;
    const kind = name.slice(attachment.asset.id.length + 1);
    const evidence = departure.evidence((role) => this.context.tags.at(tagsOf(role)[0] as number));
    const score = scoreOfRatio(ratio);
    if (state.active) return watchOver(attachment, 'claimed', { kind, evidence, score });
    const condition = whenSlot < 0 ? whenEquals : means.values[whenSlot];
    if (whenSlot >= 0 && Number.isFinite(condition) && condition !== whenEquals)
      return watchOver(attachment, 'idle', { kind });
    if (outcome === 'judged') return watchOver(attachment, 'watching', { kind, evidence, score });
    if (outcome === 'beyond') return watchOver(attachment, 'out-of-model', { kind, evidence });
    if (outcome === 'missing') {
      const roles = departure.missing(means);
      return watchOver(attachment, 'waiting', { kind, reason: 'values', roles });
    }
    const openS = Number.isNaN(openedMs) ? 0 : (this.context.clock.monotonicMs() - openedMs) / 1000;
    const done = Math.min(windowS, Math.round(openS));
    return watchOver(attachment, 'waiting', { kind, reason: 'window', progress: { done, of: windowS, unit: 's' } });
  }

  /** Of the parts of an asset that are watched under one kind, the one that departs most. */
  private likeliest(claim: string): Claim | undefined {
    const parts = this.claims.filter(({ attachment }) => claimOf(attachment) === claim);
    return parts.sort((a, b) => b.departure.ratio - a.departure.ratio)[0];
  }

  private judge(claim: Claim, time: number, monotonicMs: number): void {
    const { departure, whenSlot, whenEquals } = claim;
    const { asset, kind } = claim.attachment;
    const { context } = this;
    const { means } = claim.window;
    if (whenSlot >= 0 && means.values[whenSlot] !== whenEquals) return;
    const before = departure.state.active;
    const utcOffsetMinutes = context.calibration?.utcOffsetMinutes ?? 0;
    const beyond = departure.step(means, time, utcOffsetMinutes, context.tolerance(claim.attachment));
    if (beyond) context.outOfModel.take(asset.id, beyond);
    const { active } = departure.state;
    if (this.standsOtherwise(claim)) return;
    if (active !== before) claim.place = active && claim.look ? new StandingPlace(claim.look, monotonicMs) : undefined;
    else if (!claim.place?.moved(monotonicMs)) return;
    const { ratio } = departure;
    context.emit({
      ...{ asset: asset.id, kind, from: 'residual', active, time, score: scoreOfRatio(ratio) },
      evidence: departure.evidence((role) => context.tags.at(claim.tagsOf(role)[0] as number)),
      decision: { cusum: `${ratio.toFixed(2)} × limit` },
      ...(claim.place ? { place: claim.place.told } : {}),
    });
  }

  /** Whether another part of the asset has the same claim standing. */
  private standsOtherwise(claim: Claim): boolean {
    const key = claimOf(claim.attachment);
    return this.claims.some(
      (other) => other !== claim && other.departure.state.active && claimOf(other.attachment) === key,
    );
  }

  /** Joins an attachment with its calibration; what is said of it when there is none. */
  private bind(attachment: Attachment): Claim | OwnWatch {
    const { asset, kind } = attachment;
    const options = residualOptions.parse(attachment.options);
    const tagsOf = (role: string) => tagsOfRole(role, asset, this.context.assets);
    const own = residualName(kind, options);
    const unmapped = rolesOf(options).filter((role) => tagsOf(role).length === 0);
    if (unmapped.length > 0) return withoutRoles(attachment, unmapped, own);
    const name = `${asset.id}/${own}`;
    const calibration = this.context.calibration?.assets[asset.id]?.residuals?.[own];
    if (!calibration) return withoutCalibration(attachment, own);
    const window = this.windowOf(this.windowFor(calibration, rolesOf(options).flatMap(tagsOf)));
    const slotOf = slotsFor(attachment, window.means, tagsOf);
    const { when } = options;
    const departure = new Departure(calibration, slotOf, window.windowS);
    const condition = { whenSlot: when ? slotOf(when.role) : -1, whenEquals: when?.equals ?? Number.NaN };
    const scale = calibration.parts.find(({ role }) => role === options.along?.role)?.scale;
    const look = this.lookAlong(asset, options, departure, scale);
    return { attachment, name, tagsOf, departure, window, ...condition, look, place: undefined };
  }

  /** As calibrated, or longer where a value is polled so slowly that one sample would make a window, s. */
  private windowFor({ windowS = minuteS }: ResidualCalibration, tags: readonly number[]): number {
    const slowestS = Math.max(...tags.map((tag) => this.context.tags.at(tag).periodMs)) / 1000;
    return Math.min(minuteS, Math.max(windowS, leastPolls * slowestS));
  }

  private windowOf(windowS: number): Window {
    const window = this.windows.get(windowS) ?? { windowS, means: new WindowMeans(windowS), openedMs: Number.NaN };
    this.windows.set(windowS, window);
    return window;
  }

  /** Where along its cable an asset has lost its load; undefined where its lamps are not counted. */
  private lookAlong(
    { id, roles }: Asset,
    { along }: ResidualOptions,
    departure: Departure,
    scale: number | undefined,
  ): Claim['look'] {
    const [load, count] = [roles[along?.role ?? ''], roles[along?.lamps ?? '']];
    if (load === undefined || count === undefined || scale === undefined) return undefined;
    const { tags, live, trust } = this.context;
    return () => {
      const found = departure
        .evidence((role) => tags.at(roles[role] ?? -1))
        .find(({ tag }) => tag === tags.at(load).name);
      if (!found) return [];
      const { observed, expected } = found;
      const lamps = trust.usable(count) ? (live.values[count] ?? Number.NaN) : Number.NaN;
      return alongCable({ asset: id, lamps, observed, expected, deviation: scale });
    };
  }
}

/** Where values stand. What explains all that rests on its tag is not kept from saying so by what says less. */
function slotsFor(
  { packAsset, kind }: Attachment,
  means: WindowMeans,
  tagsOf: (role: string) => readonly number[],
): SlotOf {
  const explainsAll = packAsset.alarms[kind]?.explains?.includes('*') ?? false;
  return (role, isExpected = false) => {
    const [tag, ...others] = tagsOf(role);
    const isSuspect = isExpected && explainsAll && tag !== undefined && others.length === 0;
    return isSuspect ? means.slotOfSuspect(tag) : means.slotOf(...tagsOf(role));
  };
}

export const residualFactory: DetectorFactory = {
  rung: 3,
  statistical: true,
  options: residualOptions,
  create: (context, attachments) => new ResidualDetector(context, attachments),
};
