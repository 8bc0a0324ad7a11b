import type { LifelineError } from '../core/errors.ts';
import { controlErrors } from './errors.ts';

/** An order to set one output. */
export interface Command {
  /** Chosen by the sender, unique for ever: the same id is the same command, however often it comes. */
  readonly id: string;
  /** `device/point`. */
  readonly tag: string;
  /** Engineering units of the point. */
  readonly value: number;
  /** ms since epoch after which it must not be carried out any more. */
  readonly expires: number;
}

/**
 * How a command ended. `refused`: nothing was written. `failed`: the device did not take it. `unknown`: no answer and no
 * reading back.
 */
export interface CommandResult {
  readonly id: string;
  readonly tag: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'unknown';
  /** Engineering value read back; null when none was. */
  readonly readBack: number | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** Who gives it, as whoever took the command in has made sure of. */
export interface Actor {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'engineer';
  /**
   * Whether the command was given on this machine (terminal, loopback), came over a network, or is an order of the centre
   * over a sink that is configured to bring orders to write.
   */
  readonly origin: 'local' | 'remote' | 'centre';
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
  nowMs: number,
): LifelineError | undefined {
  const refuse = (code: 'TAG' | 'READONLY' | 'FORBIDDEN' | 'RANGE' | 'EXPIRED', why: string) =>
    controlErrors.create(code, `set ${tag} to ${value}: ${why}`);
  if (role !== 'engineer' || origin === 'remote')
    return refuse('FORBIDDEN', `${role} ${name} (${origin}) may not write`);
  if (!point) return refuse('TAG', 'no such tag');
  if (!Number.isFinite(value)) return refuse('TAG', 'the value is not a number');
  if (id === '' || id.length > maxTextLength) return refuse('TAG', `the id must have 1–${maxTextLength} characters`);
  if (!point.writable) return refuse('READONLY', 'the point table does not list it as writable');
  if (!Number.isFinite(point.low) || !Number.isFinite(point.high)) {
    return refuse('RANGE', 'the point table gives no low and high for it');
  }
  if (isWhole(point) && !Number.isInteger(value)) return refuse('RANGE', 'it takes whole numbers only');
  if (value < point.low || value > point.high) {
    return refuse('RANGE', `outside ${point.low}–${point.high} ${point.unit}`.trimEnd());
  }
  if (!(expires > nowMs)) return refuse('EXPIRED', `expired ${Math.round((nowMs - expires) / 1000)} s ago`);
  if (expires - nowMs > maxLifetimeMs) return refuse('EXPIRED', `valid for more than ${maxLifetimeMs / 1000} s`);
  return undefined;
}

/** Bits, states and unscaled integers: rounding would set something that nobody asked for. */
const isWhole = ({ rawStep, scale, offset }: OutputPoint) => rawStep > 0 && scale === 1 && offset === 0;

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
