import { z } from 'zod';
import type { Asset } from '../../core/asset.ts';
import type { Evidence, Place } from '../../core/finding.ts';
import { bindEach, withoutRoles } from '../binding.ts';
import {
  type Attachment,
  byClaim,
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
import { mostLost } from '../place/most-lost.ts';
import { NetworkPlaces } from '../place/network-places.ts';
import { StandingPlace } from '../place/standing-place.ts';
import { toKilopascal, toNormalCubicMetresPerHour } from '../units.ts';
import {
  type BalanceReading,
  type BalanceState,
  forgetRecent,
  newBalanceState,
  recentS,
  stepBalance,
} from './balance.ts';

/** The mains take a minute to follow a leak, and nothing in them answers it: the more scans, the less noise. */
const placedByScans = 20;

const options = z.strictObject({
  /** Role with what enters, and roles of the assets it feeds with what leaves and what pressure is there. */
  flow: z.string(),
  fedFlow: z.string(),
  fedPressure: z.string(),
});

/** What is remembered of a supply. */
const memory = ['state', 'heard', 'scannedAt', 'trail'] as const;

/** A tag with the factor from its unit to Nm³/h or kPa. */
interface Measured {
  readonly tag: number;
  readonly factor: number;
}

/** What is fed: the pressure before it, where it is measured. */
interface Fed {
  readonly asset: Asset;
  readonly flow: Measured;
  readonly pressure: Measured | undefined;
}

/** One supply with the mains behind it. */
interface Watched {
  readonly attachment: Attachment;
  readonly flow: Measured;
  readonly fed: readonly Fed[];
  readonly state: BalanceState;
  /** Which pressures made the last mean. */
  heard: string;
  scannedAt: number;
  reading: BalanceReading | undefined;
  /** Pressures a minute before and now, kPa by fed asset, for where no network tells. */
  trail: number[][];
  /** Where the leak is that stands; undefined while none does, and after a restart. */
  place: StandingPlace | undefined;
}

/** Fallback for a place: pressures so many seconds ago against now. */
const trailS = 90;

/** Finds leaks in gas mains that are fed at one place: what enters, against what all that is fed draws, and the pressures there. */
class GasBalance implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  private readonly unwatched: readonly OwnWatch[];
  private readonly places: NetworkPlaces;

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    this.places = new NetworkPlaces(context, new Set(attachments.map(({ asset }) => asset.id)), placedByScans);
    const bindOne = (attachment: Attachment) => bind(context, attachment);
    const { watched, unwatched } = bindEach(context, attachments, bindOne, 'gas balances');
    this.watched = watched;
    this.unwatched = unwatched;
  }

  tick(wallMs: number, monotonicMs: number): void {
    this.places.tick(monotonicMs);
    for (const one of this.watched) this.scan(one, wallMs, monotonicMs);
  }

  watches(): readonly OwnWatch[] {
    const own = this.watched.map((one) => {
      const { attachment, reading, state } = one;
      if (!reading) return watchOver(attachment, state.active ? 'claimed' : 'waiting', { reason: 'window' });
      const said = { evidence: evidenceOf(reading), score: scoreOf(reading) };
      return watchOver(attachment, state.active ? 'claimed' : 'watching', said);
    });
    return [...own, ...this.unwatched];
  }

  snapshot(): Snapshot {
    return remembered(byClaim(this.watched), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(byClaim(this.watched), memory, snapshot);
    return this.watched.filter(({ state }) => state.active).map(({ attachment }) => claimOf(attachment));
  }

  private scan(one: Watched, wallMs: number, monotonicMs: number): void {
    const { state, fed } = one;
    const flowNm3H = this.read(one.flow);
    const drawnNm3H = fed.reduce((sum, { flow }) => sum + this.read(flow), 0);
    const pressures = fed.map(({ pressure }) => (pressure ? this.read(pressure) : Number.NaN));
    const known = pressures.filter(Number.isFinite);
    const dtS = Number.isNaN(one.scannedAt) ? 1 : (monotonicMs - one.scannedAt) / 1000;
    one.scannedAt = monotonicMs;
    one.reading = undefined;
    const heard = pressures.map((pressure) => (Number.isFinite(pressure) ? 1 : 0)).join('');
    if (heard !== one.heard || dtS > recentS) forgetRecent(state);
    one.heard = heard;
    one.trail.push(pressures);
    if (one.trail.length > trailS) one.trail.shift();
    if (!Number.isFinite(flowNm3H - drawnNm3H) || known.length === 0) return;
    const pressureKpa = known.reduce((sum, pressure) => sum + pressure, 0) / known.length;
    const { reading, changed } = stepBalance(state, { dtS, excessNm3H: flowNm3H - drawnNm3H, flowNm3H, pressureKpa });
    one.reading = reading;
    if (!reading) return;
    if (changed) {
      const deviationKpa = reading.fallLimit;
      const look = state.active
        ? (this.places.leak(one.attachment.asset.id) ?? this.nearest(one, deviationKpa))
        : undefined;
      one.place = look && new StandingPlace(look, monotonicMs);
      this.claim(one, reading, wallMs);
    } else if (one.place?.moved(monotonicMs)) this.claim(one, reading, wallMs);
  }

  private read({ tag, factor }: Measured): number {
    const { live, trust } = this.context;
    return trust.usable(tag) ? (live.values[tag] ?? Number.NaN) * factor : Number.NaN;
  }

  private claim(one: Watched, reading: BalanceReading, time: number): void {
    const { asset, kind } = one.attachment;
    const { active } = one.state;
    this.context.emit({
      ...{ asset: asset.id, kind, from: 'gas-balance', active, time, evidence: evidenceOf(reading) },
      score: scoreOf(reading),
      ...(one.place ? { place: one.place.told } : {}),
    });
  }

  /** Where no network tells: the station whose pressure has fallen most since a minute before the claim is the nearest. */
  private nearest({ fed, trail }: Watched, deviationKpa: number): () => readonly Place[] {
    const before = trail[0] ?? [];
    return () => {
      const now = trail.at(-1) ?? [];
      return mostLost(
        fed.flatMap(({ asset, pressure }, index) => {
          if (!pressure) return [];
          const excessKpa = (before[index] ?? Number.NaN) - (now[index] ?? Number.NaN);
          return [
            { id: this.context.tags.at(pressure.tag).name, location: asset.location ?? null, excessKpa, deviationKpa },
          ];
        }),
      );
    };
  }
}

/** Both must be past their limits. */
const scoreOf = ({ missingNm3H, missingLimit, fallKpa, fallLimit }: BalanceReading): number =>
  scoreOfRatio(Math.min(missingNm3H / missingLimit, fallKpa / fallLimit));

function evidenceOf({ missingNm3H, missingLimit, fallKpa, fallLimit }: BalanceReading): Evidence[] {
  const figure = (value: number) => Number(value.toPrecision(4));
  const over = { windowS: 30 };
  return [
    { tag: 'balance', observed: figure(missingNm3H), expected: figure(missingLimit), unit: 'Nm3/h', ...over },
    { tag: 'mean-pressure-fall', observed: figure(fallKpa), expected: figure(fallLimit), unit: 'kPa', ...over },
  ];
}

/** Joins an asset with what it feeds; what is said of it where a role is missing: without all flows there is no balance. */
function bind({ assets, tags }: DetectorContext, attachment: Attachment): Watched | OwnWatch {
  const { asset } = attachment;
  const roles = options.parse(attachment.options);
  const measured = (of: Asset, role: string, factorOf: (unit: string) => number | undefined): Measured | undefined => {
    const tag = of.roles[role];
    const factor = tag === undefined ? undefined : factorOf(tags.at(tag).unit);
    return tag === undefined || factor === undefined ? undefined : { tag, factor };
  };
  const flow = measured(asset, roles.flow, toNormalCubicMetresPerHour);
  const behind = assets.filter(({ id }) => asset.upstreamOf.includes(id));
  const fed = behind.flatMap((other): Fed[] => {
    const drawn = measured(other, roles.fedFlow, toNormalCubicMetresPerHour);
    return drawn ? [{ asset: other, flow: drawn, pressure: measured(other, roles.fedPressure, toKilopascal) }] : [];
  });
  const missing = [
    ...(flow ? [] : [roles.flow]),
    ...(fed.length === behind.length && fed.length > 0 ? [] : [roles.fedFlow]),
    ...(fed.some(({ pressure }) => pressure) ? [] : [roles.fedPressure]),
  ];
  if (!flow || missing.length > 0) return withoutRoles(attachment, missing);
  const start = {
    state: newBalanceState(),
    heard: '',
    scannedAt: Number.NaN,
    reading: undefined,
    trail: [],
    place: undefined,
  };
  return { attachment, flow, fed, ...start };
}

export const gasBalanceFactory: DetectorFactory = {
  rung: 1,
  options,
  create: (context, attachments) => new GasBalance(context, attachments),
};
