import type { LoadedGateway } from '../config/load.ts';
import type { LiveTable } from '../core/live-table.ts';
import { limitAt, type PackLimit, packAssetOf } from '../core/pack.ts';
import { isGood } from '../core/quality.ts';
import { Judgement, judge } from '../detection/limit.ts';
import { type Reach, reachOf } from '../detection/reach.ts';
import type { ManualValuesParts } from '../pipeline/manual-values.ts';

type Loaded = Pick<LoadedGateway, 'assets' | 'packs' | 'calculated' | 'tags'>;

/** A safety limit with the tag that it reads and that of its condition. */
interface SafetyLimit {
  readonly limit: PackLimit;
  readonly tag: number;
  readonly reach: Reach;
  readonly whenTag: number | undefined;
}

/** What rests on which tags, by index. */
interface Rests {
  readonly byTag: ReadonlyMap<number, readonly SafetyLimit[]>;
  /** Conditions of safety limits, and inputs of calculated points that they read. */
  readonly masking: ReadonlySet<number>;
}

function safetyLimits({ assets, packs, tags }: Loaded): readonly SafetyLimit[] {
  return assets.flatMap((asset) => {
    const { limits = [], alarms = {} } = packAssetOf(packs, asset.type) ?? {};
    return limits.flatMap((limit): SafetyLimit[] => {
      const tag = asset.roles[limit.role];
      if (!alarms[limit.kind]?.safety || tag === undefined) return [];
      const whenTag = limit.when && asset.roles[limit.when.role];
      return [{ limit: limitAt(limit, asset), tag, reach: reachOf(tags.at(tag)), whenTag }];
    });
  });
}

function restsOf(loaded: Loaded): Rests {
  const limits = safetyLimits(loaded);
  const inputs = new Map(loaded.calculated.map(({ tag, inputs }) => [tag, inputs]));
  const masking = new Set(limits.flatMap(({ whenTag = [] }) => whenTag));
  const follow = (tag: number): void => {
    for (const input of inputs.get(tag) ?? []) {
      if (masking.has(input)) continue;
      masking.add(input);
      follow(input);
    }
  };
  for (const tag of [...limits.map((one) => one.tag), ...masking]) follow(tag);
  return { byTag: Map.groupBy(limits, ({ tag }) => tag), masking };
}

/** What the safety limits in force say of tags whose values are set by hand or simulated. */
export function safetyWatch(
  loaded: () => Loaded,
  live: LiveTable,
): Pick<ManualValuesParts, 'guarded' | 'masks' | 'endangers'> {
  let known: { readonly loaded: Loaded; readonly rests: Rests } | undefined;
  const rests = (): Rests => {
    const now = loaded();
    if (known?.loaded !== now) known = { loaded: now, rests: restsOf(now) };
    return known.rests;
  };
  /** A condition that nobody knows holds. */
  const holds = ({ limit: { when }, whenTag }: SafetyLimit): boolean =>
    when === undefined ||
    whenTag === undefined ||
    !isGood(live.quality[whenTag] as number) ||
    live.values[whenTag] === when.equals;
  return {
    guarded: (tag) => rests().byTag.has(tag) || rests().masking.has(tag),
    masks: (tag) => rests().masking.has(tag),
    endangers: (tag, value, quality) =>
      (rests().byTag.get(tag) ?? []).some(
        (one) => holds(one) && judge(one.limit, true, value, quality, one.reach) === Judgement.beyond,
      ),
  };
}
