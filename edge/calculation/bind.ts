import { parseDuration } from '../core/duration.ts';
import { meant } from '../core/suggest.ts';
import type { Text } from '../core/text.ts';
import { dimensionless } from '../core/units.ts';
import type { Bound } from './bound.ts';
import { calculationErrors } from './errors.ts';
import { type BinaryOperator, type Expression, type ExpressionProblem, Unreadable } from './expression.ts';
import {
  type FunctionName,
  type FunctionSpec,
  functions,
  isFunction,
  maxValues,
  type Parameter,
  specOf,
  windowLimitsMs,
} from './functions.ts';
import { alike, combined, difference, type Measured, measureOf, resultOf } from './measure.ts';
import { calculationFixes as fixes, calculationTexts as texts } from './texts.ts';

/** The tags that an expression may read. */
export interface KnownTags {
  /** Index and unit, and whether it holds texts; undefined for a name that no tag has. */
  find(name: string): { readonly tag: number; readonly unit: string; readonly text?: boolean } | undefined;
  names(): Iterable<string>;
}

/** An expression with its names resolved and its units made alike. */
export interface BoundExpression {
  readonly result: Measured;
  /** Indexes of the tags it reads, each once, in order of appearance. */
  readonly inputs: readonly number[];
  /** Looks back in time. */
  readonly remembers: boolean;
}

/**
 * Resolves tags and functions and makes units alike; the first mistake comes back located.
 * @param periodMs of the evaluations; no window is shorter
 */
export function bindExpression(
  expression: Expression,
  tags: KnownTags,
  periodMs: number,
): BoundExpression | ExpressionProblem {
  const binder = new Binder(tags, periodMs);
  try {
    const result = binder.bind(expression);
    if (binder.inputs.size === 0) {
      const error = calculationErrors.create('ARGUMENT', texts.noTagRead);
      return { at: 0, error, fix: fixes.readOne };
    }
    return { result, inputs: [...binder.inputs], remembers: binder.remembers };
  } catch (error) {
    if (error instanceof Unreadable) return error.problem;
    throw error;
  }
}

class Binder {
  readonly inputs = new Set<number>();
  remembers = false;
  private readonly tags: KnownTags;
  private readonly periodMs: number;

  constructor(tags: KnownTags, periodMs: number) {
    this.tags = tags;
    this.periodMs = periodMs;
  }

  bind(expression: Expression): Measured {
    const { at } = expression;
    switch (expression.kind) {
      case 'number':
        return { bound: { kind: 'number', value: expression.value }, measure: 'number', at };
      case 'tag':
        return this.tag(expression.name, at);
      case 'word':
        throw wrong('ARGUMENT', at, texts.wordForValue(expression.text), fixes.writeTag);
      case 'unary':
        return this.unary(expression.operator, this.bind(expression.operand), at);
      case 'binary':
        return binary(expression.operator, this.bind(expression.left), this.bind(expression.right), at);
      case 'call':
        return this.call(expression.name, expression.given, at);
    }
  }

  private tag(name: string, at: number): Measured {
    const found = this.tags.find(name);
    if (!found) throw wrong('NAME', at, texts.noTag(name), meant(name, this.tags.names()));
    if (found.text) throw wrong('ARGUMENT', at, texts.textTag(name));
    this.inputs.add(found.tag);
    return { bound: { kind: 'tag', tag: found.tag }, measure: measureOf(found.unit), at };
  }

  private unary(operator: string, { bound, measure }: Measured, at: number): Measured {
    if (operator === '!') return { bound: { kind: 'not', operand: bound }, measure: dimensionless, at };
    return { bound: operator === '-' ? { kind: 'scaled', factor: -1, operand: bound } : bound, measure, at };
  }

  private call(name: string, given: readonly Expression[], at: number): Measured {
    if (!isFunction(name)) throw wrong('NAME', at, texts.noFunction(name), meant(name, Object.keys(functions)));
    const spec = specOf(name);
    checkNumber(name, spec, given.length, at);
    if (spec.remembers) this.remembers = true;
    const values: Measured[] = [];
    const settings: number[] = [];
    const last = spec.parameters.at(-1) as Parameter;
    for (let index = 0; index < Math.max(given.length, spec.parameters.length); index++) {
      const parameter = spec.parameters[index] ?? last;
      const argument = given[index];
      if (parameter.kind === 'value' && argument) values.push(this.bind(argument));
      else settings.push(argument ? this.setting(parameter, argument) : (parameter.otherwise as number));
    }
    if (name === 'counter') checkCounter(settings, given);
    return called(name, values, settings, at);
  }

  /** A setting is written, not computed: a number, or a quoted time. */
  private setting({ name, kind }: Parameter, argument: Expression): number {
    const { at } = argument;
    if (kind === 'number' || kind === 'bit') {
      if (argument.kind !== 'number') throw wrong('ARGUMENT', at, texts.needsNumber(name));
      const { value } = argument;
      if (kind === 'bit' && !(Number.isInteger(value) && value <= 31))
        throw wrong('ARGUMENT', at, texts.needsBit(name));
      return value;
    }
    const text = argument.kind === 'word' ? argument.text : '';
    if (kind === 'time-unit') {
      const ms = /^(s|min|h|d)$/.test(text) ? parseDuration(`1${text}`) : undefined;
      if (ms === undefined) throw wrong('ARGUMENT', at, texts.needsTimeUnit(name));
      return ms;
    }
    const ms = parseDuration(text);
    if (ms === undefined || ms < windowLimitsMs.low || ms > windowLimitsMs.high) {
      throw wrong('ARGUMENT', at, texts.needsTime(name));
    }
    if (ms >= this.periodMs) return ms;
    throw wrong('ARGUMENT', at, texts.shortTime(name, text));
  }
}

function called(name: FunctionName, values: readonly Measured[], settings: readonly number[], at: number): Measured {
  const [first] = values as readonly [Measured];
  const bounds = values.map(({ bound }) => bound);
  const call = (ready: readonly Bound[]): Bound => ({ kind: 'call', name, values: ready, settings });
  if (name === 'if') {
    const branches = alike(values.slice(1));
    return { bound: call([first.bound, ...branches.bounds]), measure: branches.measure, at };
  }
  if (specOf(name).open) {
    const converted = alike(values);
    return { bound: call(converted.bounds), measure: converted.measure, at };
  }
  return { bound: call(bounds), measure: resultOf(name, first.measure, settings), at };
}

function binary(operator: BinaryOperator, left: Measured, right: Measured, at: number): Measured {
  const made = (a: Bound, b: Bound): Bound => ({ kind: 'binary', operator, left: a, right: b });
  if (operator === '&&' || operator === '||')
    return { bound: made(left.bound, right.bound), measure: dimensionless, at };
  if (operator === '*' || operator === '/') {
    const measure = combined(left.measure, right.measure, operator === '*' ? 1 : -1);
    return { bound: made(left.bound, right.bound), measure, at };
  }
  const { bounds, measure } = alike([left, right]);
  const bound = made(bounds[0] as Bound, bounds[1] as Bound);
  if (operator === '+' || operator === '%') return { bound, measure, at };
  if (operator !== '-') return { bound, measure: dimensionless, at };
  const bothAbsolute = [left, right].every((part) => typeof part.measure !== 'string' && part.measure.absolute);
  return { bound, measure: bothAbsolute ? difference(measure) : measure, at };
}

function checkNumber(name: FunctionName, spec: FunctionSpec, given: number, at: number): void {
  const least = spec.parameters.filter(({ otherwise }) => otherwise === undefined).length;
  const most = spec.open ? maxValues : spec.parameters.length;
  if (given >= least && given <= most) return;
  const expected = least === most ? String(least) : `${least}–${most}`;
  throw wrong('ARGUMENT', at, texts.arguments(name, expected, given), fixes.example(spec.example));
}

/** What it counts must tell an advance from an exchange. */
function checkCounter([maxPerHour = 0, wrap = 0]: readonly number[], given: readonly Expression[]): void {
  if (maxPerHour <= 0) throw wrong('ARGUMENT', given[1]?.at ?? 0, texts.maxPerHour);
  const least = maxPerHour / leastWrapPerHour;
  if (wrap >= least) return;
  const message = texts.quickWrap(maxPerHour, wrap, 60 / leastWrapPerHour);
  throw wrong('ARGUMENT', given[2]?.at ?? 0, message, fixes.widerWrap(least));
}

/** A counter must take at least a quarter of an hour to go round, or advance and exchange look the same. */
const leastWrapPerHour = 4;

function wrong(name: 'NAME' | 'ARGUMENT', at: number, message: Text, fix?: Text): Unreadable {
  return new Unreadable({ at, error: calculationErrors.create(name, message), fix });
}
