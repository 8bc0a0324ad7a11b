import { type BoundExpression, bindExpression } from '../../edge/calculation/bind.ts';
import { compile, type Program } from '../../edge/calculation/compile.ts';
import type { ExpressionProblem } from '../../edge/calculation/expression.ts';
import { declare } from '../../edge/calculation/measure.ts';
import { parseExpression } from '../../edge/calculation/syntax.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { Quality } from '../../edge/core/quality.ts';

/** Tags `d/a`, `d/b`, …, with a unit each. */
export const names = ['d/a', 'd/b', 'd/c', 'd/d'] as const;

export interface Bench {
  readonly live: LiveTable;
  readonly program: Program;
  readonly exchanges: (readonly [number, number])[];
  /** Sets the tags, all good unless told otherwise, and evaluates at the given time. */
  at(nowMs: number, values: readonly number[], quality?: readonly number[]): { value: number; quality: number };
}

export function bind(
  text: string,
  units: readonly string[] = [],
  periodMs = 1000,
): BoundExpression | ExpressionProblem {
  const expression = parseExpression(text);
  if ('error' in expression) return expression;
  const find = (name: string) => {
    const tag = names.indexOf(name as (typeof names)[number]);
    return tag < 0 ? undefined : { tag, unit: units[tag] ?? '' };
  };
  return bindExpression(expression, { find, names: () => names }, periodMs);
}

/** An expression over the tags of a test, compiled. */
export function bench(
  text: string,
  units: readonly string[] = [],
  wallMs = 1_800_000_000_000,
  declared?: string,
): Bench {
  const bound = bind(text, units);
  if ('error' in bound) throw bound.error;
  const live = new LiveTable(names.length);
  const exchanges: [number, number][] = [];
  const program = compile(declare(bound.result, declared).bound, {
    ...{ live, periodMs: 1000 },
    onExchange: (from, to) => exchanges.push([from, to]),
  });
  return {
    ...{ live, program, exchanges },
    at(nowMs, values, quality = []) {
      values.forEach((value, tag) => {
        live.quality[tag] = quality[tag] ?? Quality.good;
        live.values[tag] = (quality[tag] ?? 0) >= Quality.bad ? Number.NaN : value;
      });
      program.evaluate(nowMs, wallMs + nowMs);
      return { value: program.value, quality: program.quality };
    },
  };
}
