import { z } from 'zod';
import type { Evidence, Place } from '../core/finding.ts';
import type { ExpectedCourse } from '../core/watch.ts';
import { bindEach, withoutCalibration, withoutRoles } from './binding.ts';
import { type DistrictCalibration, profileAt } from './calibration.ts';
import {
  type Attachment,
  byClaim,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  type Snapshot,
  watchOver,
} from './detector.ts';
import {
  asksModel,
  type Decision,
  type DecisionState,
  decide,
  type ModelVerdict,
  newDecisionState,
  scoreOfOutput,
} from './district-decision.ts';
import { districtFeatures, excessLossesKpa, lossRoles, pressureRoles } from './district-features.ts';
import {
  type DistrictReading,
  type DistrictScan,
  type DistrictState,
  newDistrictState,
  settlingScans,
  stepDistrict,
} from './district-physics.ts';
import { outsideEnvelope } from './manifest.ts';
import { recall, remembered } from './memory.ts';
import type { ModelAnswer, ModelRunner } from './model.ts';
import { type GaugeLoss, mostLost } from './place/most-lost.ts';
import { NetworkPlaces } from './place/network-places.ts';
import { toKilopascal, toLitresPerSecond } from './units.ts';

/** A tag with the factor from its unit to the detector's. */
interface Converted {
  readonly tag: number;
  readonly factor: number;
}

/** One district: what it is made of and what is remembered of it. */
interface District {
  readonly attachment: Attachment;
  readonly calibration: DistrictCalibration;
  readonly inflow: Converted;
  readonly outflow: Converted | undefined;
  /** In the order of `pressureRoles`; undefined where a role is not mapped. */
  readonly pressures: readonly (Converted | undefined)[];
  readonly physics: DistrictState;
  readonly decision: DecisionState;
  /** Monotonic ms of the last scan that had all flows; NaN before. */
  scannedAt: number;
  /** What the last scan came to. */
  last: Concluded | undefined;
}

interface Concluded {
  readonly reading: DistrictReading;
  readonly verdict: ModelVerdict;
  readonly decision: Decision;
}

/** A scan on its way to a decision. */
interface Scanned {
  readonly district: District;
  readonly scan: DistrictScan;
  readonly reading: DistrictReading;
}

/** One with what the model is asked; undefined where a pressure is missing. */
interface Asked extends Scanned {
  readonly features: Float32Array | undefined;
}

/** The model is asked so often, ms, though nothing depends on what it says: that it answers is to be known before it does. */
const askEveryMs = 10_000;

const notAsked: ModelVerdict & ModelAnswer = { bypassed: 'input missing' };

/** Whether a scan cannot do with what the model said of one before. */
const mustAsk = ({ district: { last }, reading }: Scanned): boolean =>
  last === undefined || 'bypassed' in last.verdict || asksModel(reading);

/** A burst is placed by its last two scans: pumps and valves answer it within tens of seconds. */
const placedByScans = 2;

const options = z.strictObject({ model: z.string().default('district') });

/** What is remembered of the detector and of a district. */
const memory = ['askedMs', 'physics', 'decision', 'scannedAt', 'last'] as const;

/** Finds bursts in metered districts from the water balance, the pressures and a learned model of normal operation. */
class DistrictBurst implements Detector {
  private readonly context: DetectorContext;
  private readonly districts: readonly District[];
  private readonly utcOffsetMinutes: number;
  private readonly runner: ModelRunner | undefined;
  private readonly places: NetworkPlaces;
  private askedMs = Number.NEGATIVE_INFINITY;
  /** Districts that cannot be watched. */
  private readonly unwatched: readonly OwnWatch[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    this.places = new NetworkPlaces(context, new Set(attachments.map(({ asset }) => asset.id)), placedByScans);
    this.utcOffsetMinutes = context.calibration?.utcOffsetMinutes ?? 0;
    const bind = (attachment: Attachment) => bindDistrict(context, attachment);
    const { watched, unwatched } = bindEach(context, attachments, bind, 'districts', whyUnwatched);
    this.districts = watched;
    this.unwatched = unwatched;
    const [first] = this.districts;
    this.runner = first && context.model(utilityOf(first.attachment), options.parse(first.attachment.options).model);
  }

  tick(wallMs: number, monotonicMs: number): void {
    this.places.tick(monotonicMs);
    const scanned = this.districts.flatMap((district) => this.scan(district, wallMs, monotonicMs) ?? []);
    const due = monotonicMs - this.askedMs >= askEveryMs || scanned.some(mustAsk);
    if (due) this.ask(scanned, monotonicMs);
    else for (const entry of scanned) this.decideOn(entry, entry.district.last?.verdict ?? notAsked);
  }

  private ask(scanned: readonly Scanned[], monotonicMs: number): void {
    this.askedMs = monotonicMs;
    const asked = scanned.map((entry): Asked => {
      const { district, scan, reading } = entry;
      const { physics, calibration } = district;
      return { ...entry, features: districtFeatures(physics, scan, reading, calibration, this.utcOffsetMinutes) };
    });
    const rows = asked.filter(({ features }) => features !== undefined);
    if (!this.runner || rows.length === 0) {
      this.conclude(asked, notAsked);
      return;
    }
    const width = featureWidth(rows);
    const matrix = new Float32Array(rows.length * width);
    for (const [row, { features }] of rows.entries()) matrix.set(features ?? [], row * width);
    void this.runner.run(matrix).then((answer) => this.conclude(asked, answer));
  }

  watches(): readonly OwnWatch[] {
    return [...this.districts.map((district) => this.watch(district)), ...this.unwatched];
  }

  /** The net inflow beside its profile; within the largest normal departure of the day it is ordinary. */
  course(asset: string, kind: string): ExpectedCourse | undefined {
    const found = this.districts.find(({ attachment }) => claimOf(attachment) === `${asset}/${kind}`);
    if (!found) return undefined;
    const { inflow, outflow, calibration } = found;
    const nameOf = ({ tag }: Converted) => [this.context.tags.at(tag).name];
    return {
      ...{ quantity: 'net-inflow', unit: 'L/s' },
      columns: [nameOf(inflow), ...(outflow ? [nameOf(outflow)] : [])],
      at: ([into = Number.NaN, out = 0], _before, timeMs) => {
        const expected = profileAt(calibration.profile, timeMs, this.utcOffsetMinutes);
        const reach = profileAt(calibration.slow, timeMs, this.utcOffsetMinutes);
        const observed = into * inflow.factor - out * (outflow?.factor ?? 0);
        return { observed, expected, low: expected - reach, high: expected + reach };
      },
    };
  }

  snapshot(): Snapshot {
    return remembered(this.named(), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(this.named(), memory, snapshot);
    return this.districts.filter(({ decision }) => decision.active).map(({ attachment }) => claimOf(attachment));
  }

  private named(): (readonly [string, object])[] {
    return [['', this], ...byClaim(this.districts)];
  }

  private watch(district: District): OwnWatch {
    const { attachment, last, scannedAt, decision } = district;
    const silentMs = this.context.clock.monotonicMs() - scannedAt;
    if (!last || silentMs > silentAfterMs) {
      const roles = ['inflow', 'outflow'].filter((role) => {
        const tag = attachment.asset.roles[role];
        return tag !== undefined && !this.context.trust.usable(tag);
      });
      return watchOver(attachment, decision.active ? 'claimed' : 'waiting', { reason: 'values', roles });
    }
    const { reading, verdict } = last;
    return watchOver(attachment, decision.active ? 'claimed' : 'watching', {
      ...{ evidence: [netEvidence(reading, district)], score: last.decision.score },
      ...('bypassed' in verdict ? { code: verdict.bypassed } : {}),
    });
  }

  /** One scan of a district into its state; undefined while a flow cannot be trusted: no balance, no verdict. */
  private scan(district: District, wallMs: number, monotonicMs: number): Scanned | undefined {
    const { live, trust } = this.context;
    const read = ({ tag, factor }: Converted) =>
      trust.usable(tag) ? (live.values[tag] ?? Number.NaN) * factor : Number.NaN;
    const netLs = read(district.inflow) - (district.outflow ? read(district.outflow) : 0);
    if (!Number.isFinite(netLs)) return undefined;
    const pressures = district.pressures.map((point) => (point ? read(point) : Number.NaN));
    const pressuresKpa = pressures.every(Number.isFinite) ? pressures : [];
    const dtS = Number.isNaN(district.scannedAt) ? 1 : (monotonicMs - district.scannedAt) / 1000;
    district.scannedAt = monotonicMs;
    const scan = { timeMs: wallMs, dtS, netLs, pressuresKpa };
    const { physics, calibration, decision } = district;
    const settling = settlingScans(district.outflow !== undefined);
    const reading = stepDistrict(physics, scan, calibration, this.utcOffsetMinutes, settling, decision.active);
    return { district, scan, reading };
  }

  private conclude(asked: readonly Asked[], answer: ModelAnswer): void {
    let row = 0;
    for (const entry of asked) {
      const { features } = entry;
      const verdict = features ? this.verdict(features, answer, row++) : notAsked;
      this.decideOn(entry, verdict);
    }
  }

  private verdict(features: Float32Array, answer: ModelAnswer, row: number): ModelVerdict {
    const manifest = this.runner?.manifest;
    if ('bypassed' in answer || !manifest) return { bypassed: 'bypassed' in answer ? answer.bypassed : 'loading' };
    const outside = outsideEnvelope(manifest, features);
    if (outside.length > 0) return { bypassed: `out-of-model: ${outside.map(({ name }) => name).join(', ')}` };
    const output = answer.outputs[row] ?? Number.NaN;
    return { score: scoreOfOutput(output, manifest.limit.value), version: manifest.version };
  }

  private decideOn({ district, scan, reading }: Scanned, verdict: ModelVerdict): void {
    const { calibration, attachment } = district;
    const dtS = Math.min(2, scan.dtS);
    const tolerance = this.context.tolerance(attachment);
    const decision = decide(district.decision, reading, calibration.fastLs, verdict, dtS, tolerance);
    district.last = { reading, verdict, decision };
    if (!decision.changed) return;
    this.context.emit({
      asset: attachment.asset.id,
      kind: attachment.kind,
      from: 'district-burst',
      active: decision.active,
      score: decision.score,
      time: scan.timeMs,
      evidence: [netEvidence(reading, district), ...this.pressureEvidence(district, scan)],
      decision: decision.words,
      ...(decision.active ? { place: this.placeOf(district) } : {}),
    });
  }

  /** By the network's model where there is one, else by the gauge that loses most. */
  private placeOf({
    attachment: { asset },
    pressures,
    physics,
    calibration: { headLoss },
  }: District): readonly Place[] {
    const located = this.places.locate(asset.id);
    if (located) return located;
    const excess = [0, ...excessLossesKpa(physics, headLoss)];
    const losses = pressures.flatMap((point, index): GaugeLoss[] => {
      if (!point) return [];
      const largestKpa = index === 0 ? 0 : (headLoss[lossRoles[index - 1] ?? '']?.largestKpa ?? Number.NaN);
      const { name: id } = this.context.tags.at(point.tag);
      const deviationKpa = largestKpa / largestDeviations;
      return [{ id, location: asset.location ?? null, excessKpa: excess[index] ?? Number.NaN, deviationKpa }];
    });
    return mostLost(losses);
  }

  /** The pressure that lost most, with what it was. */
  private pressureEvidence(district: District, { pressuresKpa }: DistrictScan): Evidence[] {
    const { baselinesKpa } = district.physics;
    const losses = pressuresKpa.map((value, index) => (baselinesKpa[index] ?? value) - value);
    const worst = losses.indexOf(Math.max(...losses));
    const point = district.pressures[worst];
    if (!point) return [];
    const { name, unit } = this.context.tags.at(point.tag);
    const shown = (kpa: number | undefined) => round((kpa ?? Number.NaN) / point.factor, 4);
    return [
      { tag: name, observed: shown(pressuresKpa[worst]), expected: shown(baselinesKpa[worst]), unit, windowS: 0 },
    ];
  }
}

/** Without a scan for so long there is no balance. */
const silentAfterMs = 10_000;

const whyUnwatched = 'they have no calibration, or a flow whose unit is none of volume by time';

/** The largest normal departure of a hundred blocks, in standard deviations of a normal distribution, either way. */
const largestDeviations = 2.58;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

const utilityOf = ({ asset }: Attachment): string => asset.type.split('.')[0] ?? asset.type;

const featureWidth = (rows: readonly Asked[]): number => rows[0]?.features?.length ?? 0;

function netEvidence({ netLs, expectedLs }: DistrictReading, { outflow }: District): Evidence {
  return {
    tag: 'net-inflow',
    observed: round(netLs, 1),
    expected: round(expectedLs, 1),
    unit: 'L/s',
    windowS: settlingScans(outflow !== undefined),
  };
}

/** Joins an asset with its calibration; what is said of it when it cannot be watched. */
function bindDistrict(context: DetectorContext, attachment: Attachment): District | OwnWatch {
  const { id, roles } = attachment.asset;
  const convert = (role: string, toOwn: (unit: string) => number | undefined): Converted | undefined => {
    const tag = roles[role];
    const factor = tag === undefined ? undefined : toOwn(context.tags.at(tag).unit);
    return tag === undefined || factor === undefined ? undefined : { tag, factor };
  };
  if (roles['inflow'] === undefined) return withoutRoles(attachment, ['inflow']);
  const calibration = context.calibration?.assets[id]?.district;
  const inflow = convert('inflow', toLitresPerSecond);
  const outflow = convert('outflow', toLitresPerSecond);
  if (!calibration || !inflow || (roles['outflow'] !== undefined && !outflow)) return withoutCalibration(attachment);
  const pressures = pressureRoles.map((role) => convert(role, toKilopascal));
  const state = { physics: newDistrictState(), decision: newDecisionState(), scannedAt: Number.NaN, last: undefined };
  return { attachment, calibration, inflow, outflow, pressures, ...state };
}

export const districtBurstFactory: DetectorFactory = {
  rung: 1,
  statistical: true,
  options,
  create: (context, attachments) => new DistrictBurst(context, attachments),
};
