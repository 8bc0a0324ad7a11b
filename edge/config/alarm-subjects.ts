import { utilityOf } from '../core/asset.ts';
import type { Location } from '../core/distance.ts';
import { limitAt, type PackAlarm, type PackAsset, type PackLimit, packAssetOf } from '../core/pack.ts';
import { type AlarmCorrection, corrected } from './alarm-correction.ts';
import type { LoadedGateway } from './loaded-gateway.ts';

/** A thing that alarms can be about, with what the packs and the review say of each. */
export interface AlarmSource {
  readonly id: string;
  readonly name: string;
  /** `<utility>.<kind>` of its pack. */
  readonly type: string;
  readonly utility: string;
  readonly grid: string;
  readonly location: Location | undefined;
  /** By kind. */
  readonly alarms: Readonly<Record<string, PackAlarm>>;
  readonly limits: readonly PackLimit[];
}

type About = Omit<AlarmSource, 'alarms' | 'limits' | 'utility'>;

/** Everything that alarms of a gateway can be about. */
export interface AlarmSources {
  readonly subjects: ReadonlyMap<string, AlarmSource>;
  /** What is claimed of any asset, whatever its pack. */
  readonly anywhere: Readonly<Record<string, PackAlarm>>;
}

type Loaded = Pick<LoadedGateway, 'config' | 'devices' | 'assets' | 'packs' | 'corrections'>;

/**
 * Assets, devices and the gateway itself, with their alarms from the packs.
 * @param corrections what the review of alarms has changed; those of the configuration when left out
 */
export function alarmSources(
  { config, devices, assets, packs, corrections: own }: Loaded,
  corrections: ReadonlyMap<string, AlarmCorrection> = own,
): AlarmSources {
  const subjects = new Map<string, AlarmSource>();
  const add = (about: About, pack: PackAsset | undefined, asset: Parameters<typeof limitAt>[1] = {}) => {
    // a device may bear the name of the asset it serves: what is said of the asset comes first
    const before = subjects.get(about.id);
    const alarms = { ...before?.alarms, ...correctedAlarms(pack?.alarms ?? {}, [about.type, about.id], corrections) };
    const own = (pack?.limits ?? []).map((limit) => limitAt(limit, asset));
    const limits = [...own, ...(before?.limits ?? [])];
    subjects.set(about.id, { ...about, utility: utilityOf(about.type), alarms, limits });
  };
  const nowhere = { grid: '', location: undefined };
  const node = packs.get('gateway')?.assets;
  const { id, name = id } = config.gateway;
  add({ id, name, type: 'gateway.node', ...nowhere }, node?.['node']);
  for (const { definition } of devices)
    add({ id: definition.id, name: definition.id, type: 'gateway.device', ...nowhere }, node?.['device']);
  for (const asset of assets) {
    const { id, name, type, grid, location } = asset;
    add({ id, name, type, grid, location }, packAssetOf(packs, type), asset);
  }
  const anywhere = { ...packs.get('instrument')?.assets['tag']?.alarms, ...node?.['learned-model']?.alarms };
  return { subjects, anywhere: correctedAlarms(anywhere, ['*'], corrections) };
}

/** Corrections of a type hold for all of it, those of one thing for that alone. */
function correctedAlarms(
  alarms: Readonly<Record<string, PackAlarm>>,
  subjects: readonly string[],
  corrections: ReadonlyMap<string, AlarmCorrection>,
): Readonly<Record<string, PackAlarm>> {
  if (corrections.size === 0) return alarms;
  const correct = (kind: string, alarm: PackAlarm) =>
    subjects.reduce((before, subject) => corrected(before, corrections.get(`${subject}/${kind}`)), alarm);
  return Object.fromEntries(Object.entries(alarms).map(([kind, alarm]) => [kind, correct(kind, alarm)]));
}
