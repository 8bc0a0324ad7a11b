import type { Asset, SiteLimit } from '../core/asset.ts';
import { type PackAsset, type PackLimit, packAssetOf } from '../core/pack.ts';
import { both } from '../core/text.ts';
import type { Column, MasterAlarm } from './alarm-column.ts';
import type { AlarmCorrection } from './alarm-correction.ts';
import { masterErrors } from './errors.ts';
import type { LoadedGateway } from './loaded-gateway.ts';
import { judgeLimit, type LimitRemark } from './site-limits.ts';
import { limitTexts } from './texts.ts';

const longestDelayS = 86_400;

type Figure = 'above' | 'below' | 'hysteresis' | 'onDelayS' | 'offDelayS';

/** What the limits of an alarm have in common; empty where they have not. */
const figureOf =
  (key: Figure) =>
  ({ subject, kind }: MasterAlarm): string | number => {
    const own = subject.limits.filter((limit) => limit.kind === kind);
    const figures = new Set(own.flatMap((limit) => limit[key] ?? []));
    const [figure = ''] = figures.size === 1 ? figures : [];
    return figure;
  };

function column(key: Figure, zh: string): Column {
  const least = key === 'above' || key === 'below' ? Number.NEGATIVE_INFINITY : 0;
  const most = key === 'onDelayS' || key === 'offDelayS' ? longestDelayS : Number.POSITIVE_INFINITY;
  const expected = Number.isFinite(most)
    ? both(`seconds, 0 to ${most}`, `秒数，0 至 ${most}`)
    : least === 0
      ? both('a number, 0 or more', '不小于 0 的数')
      : both('a number in the unit of the role', '以角色单位计的数');
  return {
    ...{ key, zh, of: figureOf(key) },
    read(cell) {
      const value = Number(cell);
      const isRead = Number.isFinite(value) && value >= least && value <= most;
      return isRead ? { value: { limit: { [key]: value } } } : { expected };
    },
  };
}

/** Figures and delays of limits, in the units of their roles. */
export const limitColumns: readonly Column[] = [
  ...[column('above', '上限'), column('below', '下限'), column('hysteresis', '回差')],
  ...[column('onDelayS', '触发延时（秒）'), column('offDelayS', '恢复延时（秒）')],
];

/** Judges what a row asks of the limits of a kind, of an asset or of all of a type. */
export type JudgeLimits = (subject: string, kind: string, limit: SiteLimit) => readonly LimitRemark[];

/** By the assets that there are: within what their points can show, and of safety towards the safe side alone. */
export function limitJudge({ assets, packs, tags }: Pick<LoadedGateway, 'assets' | 'packs' | 'tags'>): JudgeLimits {
  return (subject, kind, limit) => {
    for (const asset of assets.filter(({ id, type }) => id === subject || type === subject)) {
      const pack = packAssetOf(packs, asset.type);
      const remarks = pack ? remarksOn({ asset, pack, tags }, kind, limit) : [];
      if (remarks.length > 0) return remarks;
    }
    const isKnown = assets.some(({ id, type }) => id === subject || type === subject);
    const none = masterErrors.create('LIMIT', limitTexts.none(subject, kind));
    return isKnown ? [] : [{ key: undefined, error: none }];
  };
}

function remarksOn(
  { asset, pack, tags }: { readonly asset: Asset; readonly pack: PackAsset; readonly tags: LoadedGateway['tags'] },
  kind: string,
  limit: SiteLimit,
): readonly LimitRemark[] {
  const subject = { id: asset.id, kind: pack, roles: asset.roles, tags };
  const own = judgeLimit(kind, limit, subject).errors;
  // with what the asset states of its own, which has been judged where it stands
  const whole = { ...asset.limits?.[kind], ...limit, reason: 'as the asset states it' };
  const errors = own.length > 0 ? own : judgeLimit(kind, whole, subject).errors;
  const of = pack.limits.filter((one) => one.kind === kind);
  const lax = pack.alarms[kind]?.safety ? sooner(limit, of) : [];
  const told = errors.map((remark) =>
    remark.error.code === 'LL-CONFIG-SAFETY' && remark.key ? safetyRemark(asset.id, kind, remark.key) : remark,
  );
  return [...told, ...lax.map((key) => safetyRemark(asset.id, kind, key))];
}

const safetyRemark = (id: string, kind: string, key: NonNullable<LimitRemark['key']>): LimitRemark => ({
  key,
  error: masterErrors.create('SAFETY', limitTexts.lax(id, kind, key)),
});

/** By which keys a limit would be over sooner than its pack has it. */
const sooner = (limit: SiteLimit, of: readonly PackLimit[]): readonly ('hysteresis' | 'offDelayS')[] =>
  (['hysteresis', 'offDelayS'] as const).filter((key) => of.some((one) => (limit[key] ?? one[key]) < one[key]));

/** The assets with the limits that a review has given to them, or to all of their type. */
export const withReviewedLimits = (
  assets: readonly Asset[],
  corrections: ReadonlyMap<string, AlarmCorrection>,
): readonly Asset[] =>
  assets.map((asset) => {
    const reviewed: Record<string, SiteLimit> = {};
    for (const subject of [asset.type, asset.id])
      for (const [id, { limit }] of corrections) {
        const at = id.lastIndexOf('/');
        const kind = id.slice(at + 1);
        if (limit && id.slice(0, at) === subject) reviewed[kind] = { ...reviewed[kind], ...limit };
      }
    return Object.keys(reviewed).length > 0 ? { ...asset, reviewed } : asset;
  });

/** The assets as they are without a review. */
export const withoutReview = (assets: readonly Asset[]): readonly Asset[] =>
  assets.map(({ reviewed: _, ...asset }) => asset);
