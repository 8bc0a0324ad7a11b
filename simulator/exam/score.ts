import { type Asset, utilityOf as utilityOfAsset } from '../../edge/core/asset.ts';
import { utilityOf } from './draw.ts';
import type { Graded, Grading, RaisedAlarm } from './grading.ts';
import { harms } from './harm.ts';
import { type AssetPlaces, isNear, missedByM } from './localisation.ts';
import { normalAccuracy } from './normal-accuracy.ts';
import { type Owners, ownAlarms, ownersOf, type RowFigures, rowFigures } from './rows.ts';

const hoursPerWeek = 168;

/** Middle and 95th percentile; null of nothing. */
export interface Spread {
  readonly median: number | null;
  readonly p95: number | null;
}

/** Shares are 0..1; null where there was nothing to share. */
export interface Figures {
  readonly assets: number;
  readonly assetWeeks: number;
  /** Decoys left out, here and in all shares. */
  readonly happenings: number;
  /** Those that some sensor can show. */
  readonly observable: number;
  readonly detected: number;
  /** Detected of the observable ones, and of all. */
  readonly recall: number | null;
  readonly recallOfAll: number | null;
  /** Detected happenings of these and the false alarms. */
  readonly precision: number | null;
  readonly falseAlarms: number;
  readonly falsePerAssetWeek: number | null;
  /** Precision and recall as one, precision counting twice: 1.25 P R / (0.25 P + R). */
  readonly eventF05: number | null;
  /** Of the observable ones whose utility knows what harms people, those found before it did. */
  readonly foundBeforeHarm: number | null;
}

/** How well the detected ones were understood. */
export interface Understanding extends RowFigures {
  readonly timeToDetectS: Spread;
  /** Share whose first incident of its own had its cause where it was, and named the kind of the happening. */
  readonly rightAsset: number | null;
  readonly rightCause: number | null;
  /** Share of those whose level is known for which the gravest alarm had it. */
  readonly rightSeverity: number | null;
  /** Incidents shown for one, and alarms in them. */
  readonly incidentsPerHappening: number | null;
  readonly alarmsPerHappening: number | null;
  /** From where it was to the first candidate of its first incident, or to that one's asset where it names none, m. */
  readonly localisationM: Spread;
  /** Of those that struck at a place within a network: share in the right asset, and share whose first candidate, or one of the first three, is within 300 m. */
  readonly rightDistrict: number | null;
  readonly within300m: number | null;
  readonly top3within300m: number | null;
}

/** How much of the time the gateway could judge. */
export interface Coverage {
  /** Share of the minutes of all assets with calibrated residuals in which inputs lay beyond what was trained. */
  readonly outOfModelShare: number | null;
  /** Share of the time without a fault in which no alarm stood. */
  readonly normalAccuracy: number | null;
}

export type UtilityScore = Figures & Understanding & Coverage;

export interface KindScore extends Understanding {
  readonly kind: string;
  readonly decoy: boolean;
  readonly happenings: number;
  readonly observable: number;
  readonly detected: number;
  readonly recall: number | null;
  readonly recallOfAll: number | null;
  /** Alarms that a decoy raised. */
  readonly falseAlarms: number;
}

export interface Score {
  readonly overall: UtilityScore;
  readonly utilities: Readonly<Record<string, UtilityScore>>;
  readonly byKind: readonly KindScore[];
}

/** Minutes that were judged and those out of model, by asset. */
export type OutOfModelMinutes = Readonly<Record<string, { readonly minutes: number; readonly outside: number }>>;

/** Counts a grading out: over all, by utility and by kind of happening. */
export function score(grading: Grading, assets: readonly Asset[], hours: number, outOfModel: OutOfModelMinutes): Score {
  const places = new Map(assets.map(({ id, location }) => [id, location]));
  const owners = ownersOf(grading);
  const utilities = new Set([
    ...assets.map(({ type }) => utilityOfAsset(type)),
    ...grading.happenings.map(({ utility }) => utility),
    ...grading.falseAlarms.map(({ utility }) => utility),
  ]);
  const scoreOf = (own: readonly Asset[], happenings: readonly Graded[], falseAlarms: readonly RaisedAlarm[]) => {
    const faults = happenings.filter(({ truth }) => !truth.decoy);
    return {
      ...{ ...figures(own.length, faults, falseAlarms.length, hours), ...understanding(faults, places, owners) },
      outOfModelShare: outOfModelShare(own, outOfModel),
      normalAccuracy: rounded(normalAccuracy(own, grading, hours)),
    };
  };
  return {
    overall: scoreOf(assets, grading.happenings, grading.falseAlarms),
    utilities: Object.fromEntries(
      [...utilities].sort().map((utility) => [
        utility,
        scoreOf(
          assets.filter(({ type }) => utilityOfAsset(type) === utility),
          grading.happenings.filter((graded) => graded.utility === utility),
          grading.falseAlarms.filter((alarm) => alarm.utility === utility),
        ),
      ]),
    ),
    byKind: [...new Set(grading.happenings.map(({ truth }) => truth.happening.kind))]
      .sort()
      .map((kind) => kindScore(kind, grading, places, owners)),
  };
}

function figures(assets: number, faults: readonly Graded[], falseAlarms: number, hours: number): Figures {
  const observable = faults.filter((graded) => graded.observable);
  const detected = faults.filter(isDetected).length;
  const assetWeeks = (assets * hours) / hoursPerWeek;
  const recall = share(observable.filter(isDetected).length, observable.length);
  const precision = share(detected, detected + falseAlarms);
  const harmful = observable.filter(({ utility }) => utility in harms);
  return {
    ...{ assets, assetWeeks: rounded(assetWeeks) ?? 0, happenings: faults.length },
    ...{ observable: observable.length, detected },
    ...{ recall, recallOfAll: share(detected, faults.length), precision },
    falseAlarms,
    falsePerAssetWeek: share(falseAlarms, assetWeeks),
    eventF05: precision && recall ? rounded((1.25 * precision * recall) / (0.25 * precision + recall)) : recall,
    foundBeforeHarm: share(harmful.filter(isBeforeHarm).length, harmful.length),
  };
}

function understanding(faults: readonly Graded[], places: AssetPlaces, owners: Owners): Understanding {
  const found = faults.flatMap((graded) => {
    // where all are another's, it has been found under that one's name
    const [first = graded.alarms[0]] = ownAlarms(graded, owners);
    if (!isDetected(graded) || !first) return [];
    const [asset = '', kind = ''] = first.root.split('/');
    const incidents = new Set(graded.alarms.map(({ incident }) => incident)).size;
    return [{ ...graded, first: { asset, kind }, incidents }];
  });
  const levelled = found.filter(({ truth }) => truth.level !== undefined);
  const missed = found.map((one) => ({ ...one, missedByM: missedByM(one, one.first.asset, places) }));
  const struck = missed.filter(({ truth }) => truth.place !== undefined);
  const rows = rowFigures(found, owners);
  const near = (most: number) => share(struck.filter((one) => isNear(one.missedByM, most)).length, struck.length);
  return {
    timeToDetectS: spread(found.map(({ detectedAfterS }) => detectedAfterS ?? 0)),
    rightAsset: share(found.filter(({ truth, first }) => truth.asset === first.asset).length, found.length),
    rightCause: share(
      found.filter(({ truth, first }) => causeOf(truth.happening.kind) === first.kind).length,
      found.length,
    ),
    rightSeverity: share(
      levelled.filter(({ truth, alarms }) => truth.level === gravest(alarms)).length,
      levelled.length,
    ),
    incidentsPerHappening: share(
      found.reduce((sum, { incidents }) => sum + incidents, 0),
      found.length,
    ),
    alarmsPerHappening: share(
      found.reduce((sum, { alarms }) => sum + alarms.length, 0),
      found.length,
    ),
    ...{
      oneIncident: rounded(rows.oneIncident),
      joinedIncidents: rounded(rows.joinedIncidents),
      mostRows: rows.mostRows,
    },
    localisationM: spread(missed.flatMap(({ missedByM: [first] }) => first ?? [])),
    rightDistrict: share(struck.filter(({ truth, first }) => truth.asset === first.asset).length, struck.length),
    within300m: near(1),
    top3within300m: near(3),
  };
}

function outOfModelShare(assets: readonly Asset[], outOfModel: OutOfModelMinutes): number | null {
  const counted = assets.flatMap(({ id }) => outOfModel[id] ?? []);
  return share(
    counted.reduce((sum, { outside }) => sum + outside, 0),
    counted.reduce((sum, { minutes }) => sum + minutes, 0),
  );
}

function kindScore(kind: string, { happenings }: Grading, places: AssetPlaces, owners: Owners): KindScore {
  const own = happenings.filter(({ truth }) => truth.happening.kind === kind);
  const decoy = own.every(({ truth }) => truth.decoy);
  const { observable, detected, recall, recallOfAll } = figures(0, own, 0, 0);
  return {
    ...{ kind, decoy, happenings: own.length, observable, detected, recall, recallOfAll },
    falseAlarms: decoy ? own.reduce((sum, { alarms }) => sum + alarms.length, 0) : 0,
    ...understanding(own, places, owners),
  };
}

const isDetected = ({ detectedAfterS }: Graded): boolean => detectedAfterS !== undefined;

const isBeforeHarm = ({ truth, detectedAfterS, harmedMs }: Graded): boolean =>
  detectedAfterS !== undefined &&
  (harmedMs === undefined || truth.happening.startMs + 1000 * detectedAfterS < harmedMs);

/** `burst` of `water.burst`: a finding that says so names the cause. */
const causeOf = (kind: string): string => kind.slice(utilityOf({ kind }).length + 1);

/** Risk levels are Roman numerals, whose names sort as they stand: I is the gravest. */
const gravest = (alarms: readonly RaisedAlarm[]): string | undefined =>
  alarms.map(({ riskLevel }) => riskLevel).sort()[0];

const rounded = (value: number | null | undefined): number | null =>
  value === undefined || value === null ? null : Number(value.toPrecision(6));

const share = (part: number, whole: number): number | null => (whole > 0 ? rounded(part / whole) : null);

/** Percentiles by the nearest rank. */
function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number) => rounded(sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)]);
  return { median: at(0.5), p95: at(0.95) };
}
