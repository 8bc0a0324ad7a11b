import { z } from 'zod';
import type { Asset } from '../core/asset.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { Evidence } from '../core/finding.ts';
import { type CrossingCount, limitAt, type PackLimit } from '../core/pack.ts';
import { isGood, Quality, qualityName } from '../core/quality.ts';
import type { TagTable } from '../core/tag.ts';
import type { ExpectedCourse, WatchProgress } from '../core/watch.ts';
import type { Attachment, Detector, DetectorContext, DetectorFactory, OwnWatch, Snapshot } from './detector.ts';
import {
  boundOf,
  type Crossings,
  crossingsWithin,
  Judgement,
  type JudgementCode,
  judge,
  judgeCrossings,
  nextPhase,
  noCrossings,
  Phase,
  type PhaseCode,
  stands,
  withSample,
} from './limit.ts';
import { amongNeighbours } from './place/neighbours.ts';
import { everywhere, type Reach, reachOf } from './reach.ts';

/** One limit bound to the tag of one asset. */
interface BoundLimit {
  readonly key: string;
  readonly asset: Asset;
  readonly limit: PackLimit;
  readonly tag: number;
  /** Tag of the `when` role; -1 without a condition. */
  readonly whenTag: number;
  readonly safety: boolean;
  /** What the instrument measures, where safety asks for it. */
  readonly reach: Reach;
  /** Index of the (asset, kind) that it belongs to. */
  readonly claim: number;
}

const savedPhase = z.number().int().min(0).max(3);

/** What the snapshot keeps of one limit. */
const savedLimit = z.object({
  phase: savedPhase,
  since: z.number(),
  judgement: z.number().int().min(0).max(3),
  lastTime: z.number(),
  lastSeen: z.number(),
  jumped: z.number(),
  crossings: z.object({ phase: savedPhase, since: z.number(), at: z.array(z.number()).max(100) }).optional(),
});

/**
 * The fixed limits of all packs, at scan rate on every value the wire delivered. Several limits of one kind on one
 * asset make one claim: it stands while any of them does.
 */
class LimitDetector implements Detector {
  private readonly context: DetectorContext;
  private readonly limits: readonly BoundLimit[];
  /** Rows of `limits` by tag: `rows[first[tag] .. first[tag + 1])`. */
  private readonly first: Int32Array;
  private readonly rows: Int32Array;
  /**
   * Between which good values a limit is clear, and which value it asks for (NaN for none), by row; nowhere for one with a
   * condition, which may leave it unknown, and for one that lies where the instrument ends, and for one that counts its crossings.
   */
  private readonly clearLow: Float64Array;
  private readonly clearHigh: Float64Array;
  private readonly asked: Float64Array;
  private readonly phases: Uint8Array;
  private readonly since: Float64Array;
  private readonly judgements: Uint8Array;
  private readonly lastTimes: Float64Array;
  /** Monotonic ms at which the last sample came; `lastTimes` goes on from there while a value is held. */
  private readonly lastSeen: Float64Array;
  /** Steps of the wall clock since the last sample, ms. */
  private readonly jumped: Float64Array;
  /** By row, of limits that ask for several crossings. */
  private readonly crossings = new Map<number, Crossings>();
  /** Limits whose phase rests on a simulated value, 1 by row. */
  private readonly simulated: Uint8Array;
  /** How many limits of each claim stand, by what is measured and by what is simulated. */
  private readonly standing: Int32Array;
  private readonly simulatedStanding: Int32Array;

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    this.limits = bindLimits(attachments, context.tags);
    const count = this.limits.length;
    const never = Number.POSITIVE_INFINITY;
    this.clearLow = Float64Array.from(
      this.limits,
      ({ limit: { below = -never, hysteresis, count }, whenTag, reach }) =>
        whenTag < 0 && !count && (below > reach.low || below === -never)
          ? Math.max(below + hysteresis, reach.low)
          : never,
    );
    this.clearHigh = Float64Array.from(this.limits, ({ limit: { above = never, hysteresis }, reach }) =>
      above < reach.high || above === never ? Math.min(above - hysteresis, reach.high) : -never,
    );
    this.asked = Float64Array.from(this.limits, ({ limit }) => limit.equals ?? Number.NaN);
    this.phases = new Uint8Array(count);
    this.since = new Float64Array(count);
    this.judgements = new Uint8Array(count);
    this.lastTimes = new Float64Array(count);
    this.lastSeen = new Float64Array(count);
    this.jumped = new Float64Array(count);
    this.simulated = new Uint8Array(count);
    this.standing = new Int32Array(count);
    this.simulatedStanding = new Int32Array(count);
    this.first = new Int32Array(context.tags.size + 1);
    for (const { tag } of this.limits) this.first[tag + 1] = (this.first[tag + 1] ?? 0) + 1;
    for (let tag = 0; tag < context.tags.size; tag++)
      this.first[tag + 1] = (this.first[tag + 1] ?? 0) + (this.first[tag] ?? 0);
    this.rows = Int32Array.from([...this.limits.keys()].sort((a, b) => this.boundAt(a).tag - this.boundAt(b).tag));
  }

  batch(batch: SampleBatch): void {
    const { tags, values, quality, times } = batch;
    const seen = this.context.clock.monotonicMs();
    for (let index = 0; index < tags.length; index++) {
      const tag = tags[index] as number;
      const code = quality[index] as number;
      const simulated = code === Quality.substituted && this.context.simulated(tag);
      const believed = simulated ? this.simulatedQuality(tag, values[index] as number) : code;
      const end = this.first[tag + 1] as number;
      for (let slot = this.first[tag] as number; slot < end; slot++) {
        const row = this.rows[slot] as number;
        const value = values[index] as number;
        if (this.isOrdinary(row, value, believed)) {
          this.judgements[row] = Judgement.clear;
          continue;
        }
        if (!this.mayMove(row, simulated, times[index] as number, value)) continue;
        const bound = this.boundAt(row);
        const { limit, safety, reach } = bound;
        const judgement = this.conditional(bound, judge(limit, safety, value, believed, reach));
        this.judgements[row] = judgement;
        if (this.jumped[row] !== 0) this.followJump(row, times[index] as number, seen);
        this.lastTimes[row] = times[index] as number;
        this.lastSeen[row] = seen;
        if (this.phases[row] !== Phase.normal || judgement === Judgement.beyond || limit.count)
          this.step(row, judgement, times[index] as number, value);
      }
    }
  }

  /** What the wire would have said of it. */
  private simulatedQuality(tag: number, value: number): number {
    const { low, high } = this.context.tags.at(tag);
    return value >= low && value <= high ? Quality.good : Quality.outOfRange;
  }

  /**
   * Whether a sample may move a limit: what rests on a simulated value is over with it, and what stands by itself is moved
   * by no simulated one.
   */
  private mayMove(row: number, simulated: boolean, timeMs: number, value: number): boolean {
    if ((this.simulated[row] === 1) === simulated) return true;
    const stood = stands(this.phases[row] as PhaseCode);
    if (simulated && stood) return false;
    this.phases[row] = Phase.normal;
    this.judgements[row] = Judgement.unknown;
    this.crossings.delete(row);
    if (stood) this.stand(row, false, timeMs, value);
    this.simulated[row] = Number(simulated);
    return true;
  }

  /** Whether nothing is to be done about a value: nearly all are clear of a limit that neither waits nor stands. */
  private isOrdinary(row: number, value: number, quality: number): boolean {
    return (
      this.phases[row] === Phase.normal &&
      isGood(quality) &&
      value >= (this.clearLow[row] as number) &&
      value <= (this.clearHigh[row] as number) &&
      value !== this.asked[row]
    );
  }

  clockJumped(byMs: number): void {
    for (let row = 0; row < this.jumped.length; row++) this.jumped[row] = (this.jumped[row] as number) + byMs;
  }

  /** A delay that runs by our own stamps goes on where it was; a source with a clock of its own did not jump. */
  private followJump(row: number, timeMs: number, seenMs: number): void {
    const byMs = this.jumped[row] as number;
    this.jumped[row] = 0;
    const strayedMs = timeMs - (this.lastTimes[row] as number) - (seenMs - (this.lastSeen[row] as number));
    if (Math.abs(strayedMs - byMs) >= Math.abs(strayedMs)) return;
    this.since[row] = (this.since[row] as number) + byMs;
    const crossings = this.crossings.get(row);
    if (!crossings) return;
    const { phase, since, at } = crossings;
    this.crossings.set(row, { phase, since: since + byMs, at: at.map((time) => time + byMs) });
  }

  /** A source that reports changes only holds its last value: delays that run go on without a new sample. */
  tick(_wallMs: number, monotonicMs: number): void {
    for (let row = 0; row < this.phases.length; row++) {
      const { tag } = this.boundAt(row);
      const isSimulated = this.context.simulated(tag);
      if (this.simulated[row] === 1 && !isSimulated)
        this.mayMove(row, false, this.context.clock.wallMs(), this.context.live.values[tag] ?? Number.NaN);
      if (!this.isWaiting(row) || (isSimulated && this.simulated[row] === 0)) continue;
      const quality = this.context.live.quality[tag];
      // what is silent, or has not been heard since a restart, holds nothing
      if (quality === Quality.stale || quality === Quality.notConnected) continue;
      if (this.judgements[row] === Judgement.unknown) continue;
      const heldMs = (this.lastTimes[row] as number) + monotonicMs - (this.lastSeen[row] as number);
      this.step(row, this.judgements[row] as JudgementCode, heldMs, this.context.live.values[tag] ?? Number.NaN);
    }
  }

  /** Whether time alone may change something. */
  private isWaiting(row: number): boolean {
    const phase = this.phases[row];
    if (phase === Phase.pending || phase === Phase.clearing) return true;
    const crossings = this.crossings.get(row);
    return crossings !== undefined && (phase === Phase.active || crossings.phase === Phase.pending);
  }

  watches(): readonly OwnWatch[] {
    const claims = Map.groupBy(this.limits.keys(), (row) => this.boundAt(row).claim);
    return [...claims.values()].map((rows) => this.watch(rows));
  }

  /** The value between its limits. */
  course(asset: string, kind: string): ExpectedCourse | undefined {
    const bounds = this.limits.filter((bound) => bound.asset.id === asset && bound.limit.kind === kind);
    const [first] = bounds;
    if (!first) return undefined;
    const { name, unit } = this.context.tags.at(first.tag);
    const same = bounds.filter(({ tag }) => tag === first.tag);
    const high = Math.min(...same.map(({ limit }) => limit.above ?? Number.POSITIVE_INFINITY));
    const low = Math.max(...same.map(({ limit }) => limit.below ?? Number.NEGATIVE_INFINITY));
    return {
      ...{ quantity: name, unit, columns: [[name]] },
      at: ([observed = Number.NaN]) => ({ observed, expected: Number.NaN, low, high }),
    };
  }

  snapshot(): Snapshot {
    const saved: Record<string, unknown> = {};
    for (const [row, bound] of this.limits.entries()) {
      const crossings = this.crossings.get(row);
      if (this.simulated[row] === 1 || (this.phases[row] === Phase.normal && !crossings)) continue;
      saved[bound.key] = {
        ...(crossings ? { crossings } : {}),
        ...{ phase: this.phases[row], since: this.since[row], judgement: this.judgements[row] },
        ...{ lastTime: this.lastTimes[row], lastSeen: this.lastSeen[row], jumped: this.jumped[row] },
      };
    }
    return saved;
  }

  restore(snapshot: Snapshot): readonly string[] {
    for (const [row, bound] of this.limits.entries()) {
      const saved = savedLimit.safeParse(snapshot[bound.key]);
      if (!saved.success) continue;
      const before = stands(this.phases[row] as PhaseCode);
      const { phase, since, judgement, lastTime, lastSeen, jumped, crossings } = saved.data;
      if (bound.limit.count && crossings) this.crossings.set(row, crossings as Crossings);
      this.phases[row] = phase;
      this.since[row] = since;
      this.judgements[row] = judgement;
      this.lastTimes[row] = lastTime;
      this.lastSeen[row] = lastSeen;
      this.jumped[row] = jumped;
      const after = stands(phase as PhaseCode);
      this.standing[bound.claim] = (this.standing[bound.claim] ?? 0) + Number(after) - Number(before);
    }
    const standing = this.limits.filter(({ claim }) => (this.standing[claim] as number) > 0);
    return standing.map(({ asset, limit }) => `${asset.id}/${limit.kind}`);
  }

  /** What the limits of one claim come to: the one that stands first, else the one that has waited longest. */
  private watch(rows: readonly number[]): OwnWatch {
    const order = [...rows].sort((a, b) => (this.phases[b] as number) - (this.phases[a] as number));
    const [first] = order as [number, ...number[]];
    const { asset, limit, claim } = this.boundAt(first);
    const claimed = (this.standing[claim] as number) + (this.simulatedStanding[claim] as number) > 0;
    const own = { asset: asset.id, kind: limit.kind, roles: [], evidence: order.map((row) => this.evidence(row)) };
    if (claimed) return { ...own, state: 'claimed', score: 1 };
    if (rows.every((row) => this.isIdle(row))) return { ...own, state: 'idle', score: 0 };
    if (rows.every((row) => this.judgements[row] === Judgement.unknown)) {
      const roles = rows.map((row) => this.boundAt(row).limit.role);
      return { ...own, state: 'waiting', reason: 'values', roles: [...new Set(roles)], score: null };
    }
    const progress = this.progress(first);
    return { ...own, state: 'watching', score: 0, ...(progress ? { progress } : {}) };
  }

  /** How much of its delay a limit that is passed has waited. */
  private progress(row: number): WatchProgress | undefined {
    const { limit } = this.boundAt(row);
    if (limit.count || this.phases[row] !== Phase.pending) return undefined;
    const since = this.since[row] as number;
    const done = Math.round(((this.lastTimes[row] as number) - since) / 1000);
    return { done: Math.max(0, Math.min(limit.onDelayS, done)), of: limit.onDelayS, unit: 's' };
  }

  private isIdle(row: number): boolean {
    const { whenTag, limit } = this.boundAt(row);
    const { live } = this.context;
    if (whenTag < 0 || limit.when === undefined || !isGood(live.quality[whenTag] as number)) return false;
    return live.values[whenTag] !== limit.when.equals;
  }

  private evidence(row: number): Evidence {
    const { tag } = this.boundAt(row);
    return this.evidenceOf(row, this.lastTimes[row] as number, this.context.live.values[tag] ?? Number.NaN);
  }

  /** A value against its limit, or how often it has crossed it against how often it may not. */
  private evidenceOf(row: number, timeMs: number, value: number): Evidence {
    const { tag, limit } = this.boundAt(row);
    const { name, unit } = this.context.tags.at(tag);
    const { count, onDelayS } = limit;
    if (!count) return { tag: name, observed: value, expected: boundOf(limit), unit, windowS: onDelayS };
    const observed = crossingsWithin(this.crossings.get(row) ?? noCrossings, timeMs, count.withinS);
    return { tag: name, observed, expected: count.n, unit: '', windowS: count.withinS };
  }

  private boundAt(row: number): BoundLimit {
    return this.limits[row] as BoundLimit;
  }

  /** A limit whose condition does not hold counts as clear; a condition nobody knows holds for safety only. */
  private conditional(bound: BoundLimit, judgement: JudgementCode): JudgementCode {
    if (bound.whenTag < 0 || bound.limit.when === undefined) return judgement;
    const { live } = this.context;
    if (!isGood(live.quality[bound.whenTag] as number)) return bound.safety ? judgement : Judgement.unknown;
    return live.values[bound.whenTag] === bound.limit.when.equals ? judgement : Judgement.clear;
  }

  private step(row: number, judgement: JudgementCode, timeMs: number, value: number): void {
    const bound = this.boundAt(row);
    const before = this.phases[row] as PhaseCode;
    if (timeMs < (this.since[row] as number)) this.since[row] = timeMs;
    const since = this.since[row] as number;
    const { count, offDelayS } = bound.limit;
    const after = count
      ? nextPhase(before, this.counted(row, judgement, timeMs, count), timeMs, since, { onDelayS: 0, offDelayS })
      : nextPhase(before, judgement, timeMs, since, bound.limit);
    if (after === before) return;
    this.phases[row] = after;
    this.since[row] = timeMs;
    if (stands(after) !== stands(before)) this.stand(row, stands(after), timeMs, value);
  }

  /** A limit has come to stand, or does no longer. A claim that stands by itself is told of as if nothing were simulated. */
  private stand(row: number, active: boolean, timeMs: number, value: number): void {
    const { claim } = this.boundAt(row);
    const isSimulated = this.simulated[row] === 1;
    const counts = isSimulated ? this.simulatedStanding : this.standing;
    const standing = (counts[claim] as number) + (active ? 1 : -1);
    counts[claim] = standing;
    if (standing !== (active ? 1 : 0) || (isSimulated && (this.standing[claim] as number) > 0)) return;
    this.claim(row, active, timeMs, value);
  }

  /** What the crossings say once they have this sample. */
  private counted(row: number, judgement: JudgementCode, timeMs: number, count: CrossingCount): JudgementCode {
    const { limit } = this.boundAt(row);
    const crossings = withSample(this.crossings.get(row) ?? noCrossings, judgement, timeMs, limit);
    if (crossings !== noCrossings) this.crossings.set(row, crossings);
    return judgeCrossings(crossings, judgement, timeMs, count);
  }

  private claim(row: number, active: boolean, time: number, value: number): void {
    const bound = this.boundAt(row);
    const { kind, role, source, place } = bound.limit;
    this.context.emit({
      asset: bound.asset.id,
      kind,
      from: 'limit',
      active,
      score: active ? 1 : 0,
      time,
      evidence: [this.evidenceOf(row, time, this.shown(bound, value))],
      decision: { limit: source, ...(bound.safety ? this.safetyOf(bound) : {}) },
      ...(this.simulated[row] === 1 ? { simulated: true as const } : {}),
      ...(active && place ? { place: amongNeighbours(bound.asset, role, this.context) } : {}),
    });
  }

  /** What the instrument shows: the end of its range where that is all it tells. */
  private shown({ tag, reach }: BoundLimit, value: number): number {
    const quality = this.context.live.quality[tag];
    const end = quality === Quality.overRange ? reach.high : quality === Quality.underRange ? reach.low : value;
    return Number.isFinite(end) ? end : Number.NaN;
  }

  private safetyOf({ tag }: BoundLimit): Readonly<Record<string, string>> {
    const quality = this.context.live.quality[tag] ?? Quality.notConnected;
    return { safety: 'every value counts', ...(isGood(quality) ? {} : { quality: qualityName(quality) }) };
  }
}

/** Joins each asset's roles with the limits of its kind; a limit on a role that is not mapped is not watched. */
function bindLimits(attachments: readonly Attachment[], tags: TagTable): BoundLimit[] {
  const bound: BoundLimit[] = [];
  const claims = new Map<string, number>();
  for (const { asset, packAsset } of attachments) {
    for (const [index, packLimit] of packAsset.limits.entries()) {
      const limit = limitAt(packLimit, asset);
      const tag = asset.roles[limit.role];
      const whenTag = limit.when ? asset.roles[limit.when.role] : -1;
      if (tag === undefined || whenTag === undefined) continue;
      const name = `${asset.id}/${limit.kind}`;
      const claim = claims.get(name) ?? claims.size;
      claims.set(name, claim);
      const safety = packAsset.alarms[limit.kind]?.safety ?? false;
      const reach = safety ? reachOf(tags.at(tag)) : everywhere;
      bound.push({ key: `${name}/${limit.role}/${index}`, asset, limit, tag, whenTag, safety, reach, claim });
    }
  }
  return bound;
}

export const limitFactory: DetectorFactory = {
  rung: 1,
  options: z.strictObject({}),
  create: (context, attachments) => new LimitDetector(context, attachments),
};
