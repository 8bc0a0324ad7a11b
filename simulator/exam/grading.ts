import type { LoadedGateway } from '../../edge/config/load.ts';
import type { RiskLevel } from '../../edge/core/alarm.ts';
import type { Event } from '../../edge/core/event.ts';
import type { Place } from '../../edge/core/finding.ts';
import type { Happening, Truth } from '../city/plant.ts';
import { utilityOf } from './draw.ts';

/** An alarm that comes this long after the end of a happening still finds it, s: detectors look at windows. */
export const detectAfterS = 600;
/** What it did to the assets around may go on for so long; alarms there are consequences and not false, s. */
export const recoverS = 3600;
/** Utility of alarms about devices and the gateway itself. */
const ownUtility = 'gateway';

/** An alarm as it was raised. */
export interface RaisedAlarm {
  readonly asset: string;
  readonly kind: string;
  readonly utility: string;
  readonly raisedMs: number;
  /** Undefined while it stands at the end. */
  readonly clearedMs: number | undefined;
  readonly riskLevel: RiskLevel;
  readonly safety: boolean;
  readonly message: { readonly zh: string; readonly en: string };
  /** Candidates for where it is, the likeliest first, as they were told last; empty where the gateway named none. */
  readonly place: readonly Place[];
  /** The incident that it was made part of, and what the gateway took for its cause, `asset/kind`. */
  readonly incident: string;
  readonly root: string;
  /** Happening whose it is; undefined for a false alarm. */
  readonly happening: string | undefined;
  /** Every fault that can have raised it, where the truth alone cannot tell which. */
  readonly disputed?: readonly string[];
}

/** The truth about a happening and what it puts at risk; undefined where nobody says. */
export type LabelledTruth = Truth & { readonly level: RiskLevel | undefined };

/** What became of one happening. */
export interface Graded {
  readonly truth: LabelledTruth;
  readonly utility: string;
  readonly endMs: number;
  /** Whether any sensor can show it. */
  readonly observable: boolean;
  /** Alarms that are its own, in order of time; those of a decoy are false. */
  readonly alarms: readonly RaisedAlarm[];
  /** From its start to its first alarm, s; undefined when none came in time. */
  readonly detectedAfterS: number | undefined;
  /** When people began to suffer from it, ms since epoch; undefined while they did not. */
  readonly harmedMs: number | undefined;
}

export interface Grading {
  readonly happenings: readonly Graded[];
  readonly falseAlarms: readonly RaisedAlarm[];
  /** End of what is graded, ms since epoch. */
  readonly endMs: number;
}

/** Whether an asset still shows at a time what a happening did to it, long after its end. */
export interface Doubt {
  readonly happening: Happening;
  readonly asset: string;
  /** ms since epoch. */
  readonly atMs: number;
}

export interface GradingOptions {
  readonly truths: readonly LabelledTruth[];
  readonly events: readonly Event[];
  readonly gateway: Pick<LoadedGateway, 'devices' | 'assets' | 'tags'>;
  readonly endMs: number;
  /** Ids of happenings that a sensor can show. */
  readonly observable: ReadonlySet<string>;
  /** When people began to suffer from a happening; never when left out. */
  readonly harmedMs?: (truth: Truth) => number | undefined;
  /** Whether an asset still shows what a happening did to it, more than an hour after its end; it does not when left out. */
  readonly lingers?: (doubt: Doubt) => boolean;
}

/**
 * Gives every alarm to the happening whose it is: it must be raised on an asset that the happening affects, between its
 * start and an hour after its end, or later where the asset still shows what it did; of several the one about this very asset, else the newest. An alarm about a device
 * counts for the device and for the assets that its tags fill. What is left is false. By event: an alarm that stands for hours counts once.
 */
export function grade(options: GradingOptions): Grading {
  const { truths, events, gateway, endMs, observable, harmedMs = () => undefined, lingers = () => false } = options;
  const ends = new Map(truths.map((truth) => [truth, endOf(truth, endMs)]));
  const served = assetsOfDevices(gateway);
  const alarms = raisedAlarms(events).map((alarm) => {
    const assets = [alarm.asset, ...(alarm.utility === ownUtility ? (served.get(alarm.asset) ?? []) : [])];
    const [owner, ...others] = ownersOf(assets, alarm.raisedMs, truths, ends, lingers);
    const faults = [owner, ...others].flatMap((one) => (one && !one.decoy ? [one.happening.id] : []));
    return { ...alarm, happening: owner?.happening.id, ...(faults.length > 1 ? { disputed: faults } : {}) };
  });
  const happenings = truths.map((truth): Graded => {
    const { id, kind, startMs } = truth.happening;
    const own = alarms.filter(({ happening }) => happening === id);
    const end = ends.get(truth) ?? endMs;
    const first = own.find(({ raisedMs }) => raisedMs <= end + detectAfterS * 1000);
    return {
      ...{ truth, utility: utilityOf({ kind }), endMs: end, observable: observable.has(id), alarms: own },
      detectedAfterS: first && Math.max(0, (first.raisedMs - startMs) / 1000),
      harmedMs: harmedMs(truth),
    };
  });
  const decoys = new Set(truths.filter(({ decoy }) => decoy).map(({ happening }) => happening.id));
  const falseAlarms = alarms.filter(({ happening }) => happening === undefined || decoys.has(happening));
  return { happenings, falseAlarms, endMs };
}

const endOf = ({ happening: { startMs, durationS } }: Truth, endMs: number): number =>
  durationS > 0 ? Math.min(endMs, startMs + durationS * 1000) : endMs;

/** The likeliest first. A decoy excuses nothing: where a fault is at work too, the alarm is the fault's. */
function ownersOf(
  assets: readonly string[],
  raisedMs: number,
  truths: readonly Truth[],
  ends: ReadonlyMap<Truth, number>,
  lingers: NonNullable<GradingOptions['lingers']>,
): readonly Truth[] {
  const candidates = truths.filter((truth) => {
    const { happening } = truth;
    const touched = assets.filter((asset) => asset === truth.asset || truth.affected.includes(asset));
    if (touched.length === 0 || raisedMs < happening.startMs) return false;
    const recoveredMs = (ends.get(truth) ?? 0) + recoverS * 1000;
    return raisedMs <= recoveredMs || touched.some((asset) => lingers({ happening, asset, atMs: raisedMs }));
  });
  const rank = (truth: Truth) => (truth.decoy ? 0 : 2) + (assets.includes(truth.asset) ? 1 : 0);
  return candidates.sort((a, b) => rank(b) - rank(a) || b.happening.startMs - a.happening.startMs);
}

type Mutable = { -readonly [key in keyof RaisedAlarm]: RaisedAlarm[key] };

function raisedAlarms(events: readonly Event[]): Omit<RaisedAlarm, 'happening' | 'disputed'>[] {
  const open = new Map<string, number>();
  const found: (Omit<RaisedAlarm, 'happening' | 'disputed' | 'clearedMs' | 'place'> &
    Pick<Mutable, 'clearedMs' | 'place'>)[] = [];
  // the last word on each incident counts
  const roots = new Map(
    events.flatMap(({ type, data }) =>
      type.startsWith('incident.') ? [[String(data['incident']), `${data['asset']}/${data['kind']}`] as const] : [],
    ),
  );
  for (const { type, time, data } of events) {
    const key = `${data['asset']}/${data['kind']}`;
    if (type === 'alarm.raised') {
      open.set(key, found.length);
      found.push({
        ...{ asset: String(data['asset']), kind: String(data['kind']), utility: String(data['utility']) },
        ...{ raisedMs: time, clearedMs: undefined, riskLevel: data['riskLevel'] as RiskLevel },
        safety: data['safety'] === true,
        message: data['message'] as RaisedAlarm['message'],
        place: (data['place'] ?? []) as RaisedAlarm['place'],
        incident: String(data['incident'] ?? `${key}@${time}`),
        root: roots.get(String(data['incident'])) ?? key,
      });
    }
    const alarm = found[open.get(key) ?? -1];
    if (alarm && type === 'alarm.cleared') alarm.clearedMs = time;
    // the last word on its place counts too: crews are told while they are on their way
    if (alarm && type === 'alarm.changed') alarm.place = data['place'] as RaisedAlarm['place'];
  }
  return found;
}

/** Which assets a device speaks of. */
function assetsOfDevices({ devices, assets, tags }: GradingOptions['gateway']): ReadonlyMap<string, readonly string[]> {
  const deviceOf = (tag: number) => tags.at(tag).device;
  return new Map(
    devices.map(({ definition: { id } }) => [
      id,
      assets.filter(({ roles }) => Object.values(roles).some((tag) => deviceOf(tag) === id)).map((asset) => asset.id),
    ]),
  );
}
