import type { Actor, Command, ConsoleWriters } from '../core/command.ts';
import type { LifelineError } from '../core/errors.ts';
import { both, type Text } from '../core/text.ts';
import { controlErrors } from './errors.ts';

/** What the time and the configuration say of a command. */
export interface CommandRules {
  readonly nowMs: number;
  /** Left out where nobody may over the console. */
  readonly consoleWriters?: ConsoleWriters | undefined;
}

/** What a decision needs to know of a point. */
export interface OutputPoint {
  readonly writable: boolean;
  /** Allowed range, engineering units. */
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  /** Engineering = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Smallest step of the raw value: 1 for integers and bits, 0 for floats. */
  readonly rawStep: number;
}

/** A command that waits longer than this would be carried out in another situation than it was given for. */
export const maxLifetimeMs = 600_000;
/** Ids and names longer than this are nobody's. */
const maxTextLength = 200;
/** A float32 keeps seven digits. */
const floatShare = 1e-6;

/** Why a command must not be carried out; undefined when it may be. Permission comes before anything that tells of the plant. */
export function refusalOf(
  { id, tag, value, expires }: Command,
  { name, role, origin }: Actor,
  point: OutputPoint | undefined,
  { nowMs, consoleWriters }: CommandRules,
): LifelineError | undefined {
  const refuse = (code: 'TAG' | 'READONLY' | 'FORBIDDEN' | 'RANGE' | 'EXPIRED', en: string, zh: string) =>
    controlErrors.create(code, saying({ tag, value }, both(en, zh)));
  if (!mayWrite(role, origin, consoleWriters))
    return refuse(
      'FORBIDDEN',
      `${role} ${name} (${origin}) may not write`,
      `${roleNames[role]} ${name}（${originNames[origin]}）无权写入`,
    );
  if (!point) return refuse('TAG', 'no such tag', '没有此测点');
  if (!Number.isFinite(value)) return refuse('TAG', 'the value is not a number', '数值不是数字');
  if (id === '' || id.length > maxTextLength)
    return refuse('TAG', `the id must have 1–${maxTextLength} characters`, `指令编号须为 1–${maxTextLength} 个字符`);
  if (!point.writable) return refuse('READONLY', 'the point table does not list it as writable', '点表未标为可写');
  if (!hasRange(point)) return refuse('RANGE', 'the point table gives no low and high for it', '点表未给出其上下限');
  if (isWhole(point) && !Number.isInteger(value)) return refuse('RANGE', 'it takes whole numbers only', '只接受整数');
  if (value < point.low || value > point.high) {
    const range = `${point.low}–${point.high} ${point.unit}`.trimEnd();
    return refuse('RANGE', `outside ${range}`, `超出 ${range}`);
  }
  const agoS = Math.round((nowMs - expires) / 1000);
  if (!(expires > nowMs)) return refuse('EXPIRED', `expired ${agoS} s ago`, `已于 ${agoS} 秒前过期`);
  const longestS = maxLifetimeMs / 1000;
  if (expires - nowMs > maxLifetimeMs)
    return refuse('EXPIRED', `valid for more than ${longestS} s`, `有效期超过 ${longestS} 秒`);
  return undefined;
}

function mayWrite(role: Actor['role'], origin: Actor['origin'], consoleWriters: ConsoleWriters | undefined): boolean {
  if (origin === 'remote') return false;
  if (origin !== 'console') return role === 'engineer';
  return consoleWriters !== undefined && roles.indexOf(role) >= roles.indexOf(consoleWriters);
}

/** Each may what those before may. */
const roles: readonly Actor['role'][] = ['viewer', 'operator', 'engineer', 'owner'];
const roleNames: Readonly<Record<Actor['role'], string>> = {
  ...{ viewer: '查看', operator: '值班员', engineer: '工程师', owner: '所有者' },
};
const originNames: Readonly<Record<Actor['origin'], string>> = {
  ...{ local: '本机', remote: '网络', centre: '中心', console: '控制台' },
};

/** What was to be done, and what of it. */
export const saying = ({ tag, value }: Pick<Command, 'tag' | 'value'>, { en, zh }: Text): Text =>
  both(`set ${tag} to ${value}: ${en}`, `将 ${tag} 设为 ${value}：${zh}`);

/** Whether it is known which values it takes; nothing is written without that. */
export const hasRange = ({ low, high }: Pick<OutputPoint, 'low' | 'high'>): boolean =>
  Number.isFinite(low) && Number.isFinite(high);

/** Bits, states and unscaled integers: rounding would set something that nobody asked for. */
export const isWhole = ({ rawStep, scale, offset }: OutputPoint) => rawStep > 0 && scale === 1 && offset === 0;

/** The raw value to write; a scaled integer takes the nearest step. */
export function rawOf(value: number, { scale, offset, rawStep }: OutputPoint): number {
  const raw = (value - offset) / scale;
  return rawStep > 0 ? Math.round(raw / rawStep) * rawStep : raw;
}

/** Whether a raw value read back is the one written, as far as the point's type can tell. */
export function agrees(written: number, readBack: number, { rawStep }: OutputPoint): boolean {
  if (!Number.isFinite(readBack)) return false;
  if (rawStep > 0) return written === readBack;
  return Math.abs(written - readBack) <= Math.max(Math.abs(written) * floatShare, Number.EPSILON);
}

/** Whether a second command under one id is the first one again. */
export const sameCommand = (one: Command, other: Command): boolean =>
  one.tag === other.tag && one.value === other.value && one.expires === other.expires;
