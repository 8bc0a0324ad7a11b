import { type Pack, packAssetOf } from '../../edge/core/pack.ts';
import type { Calibration } from '../../edge/detection/calibration.ts';
import { inThread } from '../../simulator/exam/thread.ts';
import { alpha, margins } from './calibrate-districts.ts';
import { calibrateRows, type Taught, taughtClaims, taughtRoles } from './calibrate-rows.ts';
import {
  type CalibrationNews,
  type CalibrationPart,
  type CalibrationWork,
  type CityHistory,
  windows,
} from './city-history.ts';
import { utcOffsetMinutes } from './plan.ts';
import type { WantedRoles } from './residuals/city-rows.ts';
import { joinRows, withOthers } from './residuals/rows.ts';
import { type SeenOfTag, seenInBoth } from './seen-tag.ts';

/** Who follows a calibration. */
export interface CalibrationWatch {
  /** The share 0..1 that is done. */
  readonly onProgress?: (share: number) => void;
  /** Ends it: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * What normal looks like at the gateway of a city, from the 14 days before a moment: the districts' courses from the first
 * week and their limits from the second, in steps of a minute, without the wire; what happens within minutes from short
 * windows, second by second, spread over the same days. Fewer windows than for a released calibration: it is made for one run.
 * Tags and districts have a thread and a core each.
 */
export async function calibrateCity(
  history: CityHistory,
  packs: ReadonlyMap<string, Pack>,
  watch: CalibrationWatch = {},
): Promise<Calibration> {
  const { onProgress = () => undefined, signal } = watch;
  const roles = rolesIn(history, packs);
  const shares = { tags: 0, districts: 0, places: 0, firstWeek: 0, secondWeek: 0 };
  const part = async <Part extends keyof CalibrationPart>(name: Part) => {
    const work: CalibrationWork = { part: name, history, roles };
    let result: unknown;
    const heard = (news: CalibrationNews) => {
      shares[name] = 'share' in news ? news.share : 1;
      onProgress(Object.values(shares).reduce((sum, each) => sum + each, 0) / Object.keys(shares).length);
      if ('result' in news) result = news.result;
    };
    await inThread(import.meta.url, 'calibration-thread', work, heard, signal);
    return result as CalibrationPart[Part];
  };
  const [tags, districts, places, ...weeks] = await Promise.all([
    part('tags'),
    part('districts'),
    part('places'),
    part('firstWeek'),
    part('secondWeek'),
  ]);
  const taught = await taughtBy(weeks, history, packs);
  return {
    schema: 'lifeline-calibration/1',
    made: {
      ...{ by: 'exam', from: 'the 14 days before it, normal operation', seed: history.city.seed },
      ...{ windows, alpha, margins },
    },
    utcOffsetMinutes,
    assets: Object.fromEntries(
      [...new Set([...districts.keys(), ...taught.keys()])].map((id) => [
        id,
        { ...taught.get(id), district: districts.get(id) },
      ]),
    ),
    places: [...places],
    tags: Object.fromEntries([...tags].map(([name, tag]) => [name, { ...tag, ...seenIn(name, weeks) }])),
  };
}

/** What teaches something of an asset itself or of one that it feeds. */
function rolesIn({ assets }: CityHistory, packs: ReadonlyMap<string, Pack>): WantedRoles {
  const rolesOf = ({ type }: { readonly type: string }) => {
    const packAsset = packAssetOf(packs, type);
    return packAsset ? [...taughtRoles(packAsset)] : [];
  };
  return new Map(
    assets.map((asset) => {
      const fed = assets.filter(({ id }) => asset.upstreamOf.includes(id));
      return [asset.id, new Set([asset, ...fed].flatMap(rolesOf))] as const;
    }),
  );
}

type Weeks = readonly CalibrationPart['firstWeek'][];

function seenIn(tag: string, weeks: Weeks): Partial<SeenOfTag> {
  const [first, ...others] = weeks.flatMap(({ tags }) => tags.get(tag) ?? []);
  return first ? others.reduce(seenInBoth, first) : {};
}

/** Kind by kind of asset, letting others have a turn in between. */
async function taughtBy(
  weeks: Weeks,
  { assets }: CityHistory,
  packs: ReadonlyMap<string, Pack>,
): Promise<ReadonlyMap<string, Taught>> {
  const found = new Map<string, Taught>();
  const rowsOf = (id: string) => joinRows(weeks.flatMap((week) => week.assets.get(id) ?? []));
  for (const [type, kin] of Map.groupBy(assets, (asset) => asset.type)) {
    const packAsset = packAssetOf(packs, type);
    const wanted = packAsset ? taughtClaims(packAsset) : [];
    if (!packAsset || wanted.length === 0) continue;
    const rows = kin.map(({ id }) => rowsOf(id));
    const roles = wanted.flatMap(({ roles: own }) => own);
    for (const [index, own] of withOthers(kin, rows, roles, { assets, rowsOf }).entries()) {
      found.set(kin[index]?.id ?? '', calibrateRows(packAsset, own, utcOffsetMinutes));
      await new Promise(setImmediate);
    }
  }
  return found;
}
