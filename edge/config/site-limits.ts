import type { SiteLimit } from '../core/asset.ts';
import type { LifelineError } from '../core/errors.ts';
import { limitAt, type PackAsset, type PackLimit } from '../core/pack.ts';
import { meant } from '../core/suggest.ts';
import type { TagTable } from '../core/tag.ts';
import type { Text } from '../core/text.ts';
import { factorBetween, parseUnit } from '../core/units.ts';
import { configErrors } from './errors.ts';
import { configFixes, limitTexts } from './texts.ts';

/** A limit as a site writes it. */
export interface StatedLimit extends SiteLimit {
  /** That of the role when left out. */
  readonly unit?: string | undefined;
}

/** What limits of an asset are judged by. */
export interface LimitSubject {
  readonly id: string;
  readonly kind: PackAsset;
  /** Role → tag index. */
  readonly roles: Readonly<Record<string, number>>;
  readonly tags: TagTable;
}

/** What is wrong with a limit, or worth saying of it: where in it, and what helps. */
export interface LimitRemark {
  readonly key: keyof StatedLimit | undefined;
  readonly error: LifelineError;
  readonly fix?: Text | undefined;
}

export interface JudgedLimit {
  /** In the units of the roles; left out where there is an error. */
  readonly limit?: SiteLimit;
  readonly errors: readonly LimitRemark[];
  readonly warnings: readonly LimitRemark[];
}

const sides = ['above', 'below'] as const;

/** Judges what a site states of a kind of limit, wherever it states it: figure by figure, each with the key that it stands under. */
export function judgeLimit(name: string, stated: StatedLimit, subject: LimitSubject): JudgedLimit {
  const { kind, id } = subject;
  const limits = kind.limits.filter((limit) => limit.kind === name);
  if (limits.length === 0) {
    const error = configErrors.create('REFERENCE', limitTexts.none(id, name));
    const known = kind.limits.map((limit) => limit.kind);
    return { errors: [{ key: undefined, error, fix: meant(name, known) }], warnings: [] };
  }
  const converted = inRoleUnit(stated, limits, subject);
  if ('error' in converted) return { errors: [converted], warnings: [] };
  const errors = sides.flatMap((side) => sideErrors(side, converted, limits, subject));
  if (errors.length === 0 && crosses(converted, limits))
    errors.push({ key: undefined, error: configErrors.create('LIMIT', limitTexts.crossed(name)) });
  if (errors.length > 0) return { errors, warnings: [] };
  const lax = kind.alarms[name]?.safety ? laxKeys(converted, limits) : [];
  const remarks = lax.map((key) => ({ key, error: configErrors.create('SAFETY', limitTexts.lax(id, name, key)) }));
  if (remarks.length > 0 && stated.reason === undefined) return { errors: remarks, warnings: [] };
  return { limit: converted, errors: [], warnings: remarks };
}

/** The figures in the unit of the role. */
function inRoleUnit(
  { unit, ...stated }: StatedLimit,
  limits: readonly PackLimit[],
  { kind }: LimitSubject,
): SiteLimit | LimitRemark {
  if (unit === undefined) return stated;
  const [wanted = ''] = limits.map(({ role }) => kind.roles[role]?.unit ?? '');
  const factor = factorBetween(unit, wanted);
  // a difference of temperatures is one whatever its zero; a temperature is not
  const sameZero = parseUnit(unit)?.absolute === parseUnit(wanted)?.absolute;
  if (factor === undefined || !sameZero)
    return { key: 'unit', error: configErrors.create('UNIT', limitTexts.unit(unit, wanted)) };
  // eight digits: factors are products of decimal ones
  const figure = (value: number | undefined) =>
    value === undefined ? undefined : Number((value * factor).toPrecision(8));
  const { above, below, hysteresis } = stated;
  const converted = { above: figure(above), below: figure(below), hysteresis: figure(hysteresis) };
  return { ...stated, ...converted };
}

/** What is wrong with the figure of one side. */
function sideErrors(
  side: (typeof sides)[number],
  stated: SiteLimit,
  limits: readonly PackLimit[],
  subject: LimitSubject,
): LimitRemark[] {
  const figure = stated[side];
  const own = limits.filter((limit) => limit[side] !== undefined);
  const [{ kind: name }] = limits as [PackLimit, ...PackLimit[]];
  const remark = (text: Text, fix?: Text): LimitRemark[] => [
    { key: side, error: configErrors.create('LIMIT', text), fix },
  ];
  if (figure === undefined) return [];
  if (own.length === 0) {
    const other = sides.find((candidate) => limits.some((limit) => limit[candidate] !== undefined));
    return remark(limitTexts.noSide(name, side), other && configFixes.use(other));
  }
  const roles = own.map(({ role }) => role);
  if (new Set(roles).size < roles.length) return remark(limitTexts.several(name, side));
  for (const role of roles) {
    const [low, high] = rangeOf(role, subject);
    const reached = side === 'above' ? figure < high : figure > low;
    if (!reached || figure < low || figure > high) return remark(limitTexts.unreached(name, figure, role, low, high));
  }
  return [];
}

/** Whether a lower figure would lie above an upper one of the same role. */
function crosses(stated: SiteLimit, limits: readonly PackLimit[]): boolean {
  const adjusted = limits.map((limit) => limitAt(limit, { limits: { [limit.kind]: stated } }));
  return adjusted.some(({ role, below = Number.NEGATIVE_INFINITY }) =>
    adjusted.some((other) => other.role === role && (other.above ?? Number.POSITIVE_INFINITY) <= below),
  );
}

/** What the point of a role can show, else what is plausible of it. */
function rangeOf(role: string, { kind, roles, tags }: LimitSubject): readonly [low: number, high: number] {
  const { low, high } = roles[role] === undefined ? unlimited : tags.at(roles[role]);
  if (Number.isFinite(low) || Number.isFinite(high)) return [low, high];
  return kind.roles[role]?.plausible ?? [unlimited.low, unlimited.high];
}

const unlimited = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** By which keys a limit of safety is less strict than its pack has it. */
function laxKeys(stated: SiteLimit, limits: readonly PackLimit[]): (keyof SiteLimit)[] {
  const lax = {
    above: (limit: PackLimit, figure: number) => limit.above !== undefined && figure > limit.above,
    below: (limit: PackLimit, figure: number) => limit.below !== undefined && figure < limit.below,
    onDelayS: (limit: PackLimit, figure: number) => figure > limit.onDelayS,
  };
  return (['above', 'below', 'onDelayS'] as const).filter((key) => {
    const figure = stated[key];
    return figure !== undefined && limits.some((limit) => lax[key](limit, figure));
  });
}

/** Kinds whose figure belongs to the plant, of roles that are filled, and that the asset does not state. */
export function unstatedKinds(
  kind: PackAsset,
  roles: LimitSubject['roles'],
  stated: Readonly<Record<string, unknown>>,
) {
  const open = kind.limits.filter(({ kind: name, role, site }) => site && roles[role] !== undefined && !stated[name]);
  return [...new Set(open.map(({ kind: name }) => name))];
}
