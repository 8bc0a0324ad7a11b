import { dimensionless, multiplyUnits, parseUnit, sameDimension, type Unit } from '../core/units.ts';
import type { Bound } from './bound.ts';
import { calculationErrors } from './errors.ts';
import { type ExpressionProblem, Unreadable } from './expression.ts';
import { type FunctionName, hourMs } from './functions.ts';
import { calculationFixes as fixes, calculationTexts as texts } from './texts.ts';

/**
 * What is known of a value's unit. A written number fits any unit in a sum; in a product it may be a conversion, so that
 * nothing is known any more.
 */
export type Measure = Unit | 'number' | 'unknown';

/** A part of an expression with what is known of its unit. */
export interface Measured {
  readonly bound: Bound;
  readonly measure: Measure;
  readonly at: number;
}

const isKnown = (measure: Measure): measure is Unit => typeof measure !== 'string';
const hour = parseUnit('h') ?? dimensionless;
const timeUnits: ReadonlyMap<number, Unit> = new Map(
  ['s', 'min', 'h', 'd'].map((name) => {
    const unit = parseUnit(name) ?? dimensionless;
    return [unit.factor * 1000, unit];
  }),
);

/**
 * Converts all to the unit of the first whose unit is known. Throws LL-CALC-UNIT when two are of different dimension;
 * what is unknown is taken as it is.
 */
export function alike(parts: readonly Measured[]): { readonly bounds: readonly Bound[]; readonly measure: Measure } {
  const first = parts.find(({ measure }) => isKnown(measure));
  if (!first || !isKnown(first.measure)) {
    const unknown = parts.some(({ measure }) => measure === 'unknown');
    return { bounds: parts.map(({ bound }) => bound), measure: unknown ? 'unknown' : 'number' };
  }
  const target = first.measure;
  const bounds = parts.map(({ bound, measure, at }) => {
    if (!isKnown(measure)) return bound;
    if (!sameDimension(measure, target)) throw mismatch(measure, target, at);
    return scaled(bound, measure.factor / target.factor);
  });
  return { bounds, measure: parts.some(({ measure }) => measure === 'unknown') ? 'unknown' : target };
}

function mismatch(unit: Unit, target: Unit, at: number): Unreadable {
  const error = calculationErrors.create('UNIT', texts.unlike(unit.name, target.name));
  const head = [unit.name, target.name].includes('m') ? fixes.head : undefined;
  return new Unreadable({ at, error, fix: head });
}

export function scaled(operand: Bound, factor: number): Bound {
  return Math.abs(factor - 1) < 1e-12 ? operand : { kind: 'scaled', factor, operand };
}

/** Of a product (`power` 1) or quotient (−1). */
export function combined(left: Measure, right: Measure, power: 1 | -1): Measure {
  if (left === 'number' && right === 'number') return 'number';
  if (!isKnown(left) || !isKnown(right) || left.absolute || right.absolute) return 'unknown';
  return multiplyUnits(left, right, power);
}

/** Of a difference: between two temperatures in Cel lie kelvins. */
export function difference(measure: Measure): Measure {
  return isKnown(measure) && measure.absolute ? (parseUnit('K') ?? 'unknown') : measure;
}

/** Of what a function gives when its first value is in `measure`. */
export function resultOf(name: FunctionName, measure: Measure, settings: readonly number[]): Measure {
  switch (name) {
    case 'good':
    case 'bit':
    case 'starts':
      return dimensionless;
    case 'runningHours':
      return hour;
    case 'delta':
      return difference(measure);
    case 'rate':
      return combined(difference(measure), timeUnits.get(settings[1] ?? hourMs) ?? 'unknown', -1);
    case 'total':
      return combined(measure, timeUnits.get(settings[0] ?? hourMs) ?? 'unknown', 1);
    case 'sqrt':
    case 'and':
    case 'or':
    case 'xor':
    case 'shl':
    case 'shr':
      return 'unknown';
    default:
      return measure;
  }
}

/** The result in the declared unit. */
export interface Declared {
  readonly bound: Bound;
  readonly unit: string;
  readonly error?: ExpressionProblem;
  readonly warning?: ExpressionProblem;
}

/** Converts the result to the declared unit where both are known; takes over the unit that follows where none is declared. */
export function declare({ bound, measure, at }: Measured, declared: string | undefined): Declared {
  if (declared === undefined) return { bound, unit: isKnown(measure) ? measure.name : '' };
  const unit = parseUnit(declared);
  if (!unit || !isKnown(measure)) return { bound, unit: declared };
  if (!sameDimension(unit, measure)) {
    const message = texts.notIn(measure.name, declared);
    return { bound, unit: declared, error: { at, error: calculationErrors.create('UNIT', message) } };
  }
  if (measure.absolute && !unit.absolute) {
    const message = texts.temperature(measure.name, declared);
    const fix = fixes.kelvin(measure.name);
    return { bound, unit: declared, warning: { at, error: calculationErrors.create('UNIT', message), fix } };
  }
  return { bound: scaled(bound, measure.factor / unit.factor), unit: declared };
}

/** A tag's unit as a measure. */
export const measureOf = (unit: string): Measure => parseUnit(unit) ?? 'unknown';
