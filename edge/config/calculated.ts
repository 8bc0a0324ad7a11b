import { createHash } from 'node:crypto';
import { type BoundExpression, bindExpression, type KnownTags } from '../calculation/bind.ts';
import type { CalculatedPoint } from '../calculation/bound.ts';
import { calculationErrors } from '../calculation/errors.ts';
import type { Expression, ExpressionProblem } from '../calculation/expression.ts';
import { declare } from '../calculation/measure.ts';
import { orderByUse } from '../calculation/order.ts';
import { parseExpression } from '../calculation/syntax.ts';
import { type TagDefinition, vacantTag } from '../core/tag.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import { periodOf } from './point-columns.ts';
import type { Problem } from './problem.ts';
import type { GatewayConfig } from './spec.ts';
import { configFixes, configTexts } from './texts.ts';

type Entry = GatewayConfig['calculated'][number];

/** Of points whose functions look back, when no period is given. */
const defaultPeriodMs = 1000;

/** An entry that can be read, not yet bound to tags. */
export interface CalculatedEntry {
  readonly entry: Entry;
  /** Its place in the list. */
  readonly index: number;
  readonly expression: Expression;
  readonly definition: TagDefinition;
}

/** Reads every entry on its own: its expression, period and name. Those with a problem are left out. */
export function readCalculated(
  yaml: LocatedYaml,
  config: GatewayConfig,
  measured: readonly TagDefinition[],
): { readonly entries: readonly CalculatedEntry[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const taken = new Map<string, string | undefined>(measured.map(({ name }) => [name, undefined]));
  const entries = config.calculated.flatMap((entry, index): CalculatedEntry[] => {
    const before = problems.length;
    if (taken.has(entry.tag)) {
      const error = configErrors.create('DUPLICATE', configTexts.tagTaken(entry.tag, taken.get(entry.tag)));
      problems.push(yaml.problem(['calculated', index, 'tag'], error, configFixes.ownName));
    }
    taken.set(entry.tag, `calculated[${index}]`);
    const expression = parseExpression(entry.expression);
    if ('error' in expression) problems.push(inExpression(yaml, index, expression));
    const period = entry.period === undefined ? undefined : periodOf(entry.period);
    if (period && 'expected' in period) {
      const error = configErrors.create('VALUE', configTexts.noPeriod(entry.period ?? ''));
      problems.push(yaml.problem(['calculated', index, 'period'], error, configFixes.expected(period.expected)));
    }
    if ('error' in expression || problems.length > before) return [];
    const periodMs = period && 'value' in period ? period.value : undefined;
    return [{ entry, index, expression, definition: define(entry, periodMs) }];
  });
  return { entries, problems };
}

function define(entry: Entry, periodMs: number | undefined): TagDefinition {
  const slash = entry.tag.indexOf('/');
  return {
    name: entry.tag,
    device: entry.tag.slice(0, slash),
    point: entry.tag.slice(slash + 1),
    unit: entry.unit ?? '',
    scale: 1,
    offset: 0,
    low: entry.low ?? Number.NEGATIVE_INFINITY,
    high: entry.high ?? Number.POSITIVE_INFINITY,
    deadband: entry.deadband,
    periodMs: periodMs ?? defaultPeriodMs,
    ...(entry.states ? { states: entry.states } : {}),
    description: entry.description,
  };
}

function inExpression(yaml: LocatedYaml, index: number, { at, error, fix }: ExpressionProblem): Problem {
  return yaml.problemInText(['calculated', index, 'expression'], at, error, fix);
}

export interface BoundCalculated {
  /** In the order in which they can be computed. */
  readonly points: readonly CalculatedPoint[];
  /** All tags by index, the calculated ones with the unit that follows from their expression. */
  readonly tags: readonly TagDefinition[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Binds expressions to tags, those that are used by others first.
 * @param placed all tags by index, calculated ones included; those of entries that could not be read are missing
 */
export function bindCalculated(
  yaml: LocatedYaml,
  config: GatewayConfig,
  entries: readonly CalculatedEntry[],
  placed: readonly TagDefinition[],
): BoundCalculated {
  const names = new Map(entries.map(({ definition }, row) => [definition.name, row]));
  const uses = entries.map(({ expression }) => tagsIn(expression).flatMap((name) => names.get(name) ?? []));
  const order = orderByUse(uses);
  if ('circle' in order)
    return { points: [], tags: placed, errors: [circle(yaml, entries, order.circle)], warnings: [] };
  const tags = [...placed];
  const indexes = new Map(placed.flatMap((tag, index) => (tag === vacantTag ? [] : [[tag.name, index]])));
  const unread = new Set(config.calculated.map(({ tag }) => tag).filter((name) => !indexes.has(name)));
  const known: KnownTags = {
    find(name) {
      const tag = indexes.get(name);
      if (tag !== undefined) return { tag, unit: tags[tag]?.unit ?? '', text: tags[tag]?.shows === 'text' };
      return unread.has(name) ? { tag: -1, unit: '' } : undefined;
    },
    names: () => indexes.keys(),
  };
  const points: CalculatedPoint[] = [];
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  for (const row of order.order) {
    const { entry, index, expression, definition } = entries[row] as CalculatedEntry;
    const periodMs = entry.period === undefined ? undefined : definition.periodMs;
    const bound = bindExpression(expression, known, periodMs ?? defaultPeriodMs);
    if ('error' in bound) {
      errors.push(inExpression(yaml, index, bound));
      continue;
    }
    const declared = declare(bound.result, entry.unit);
    if (declared.error) errors.push(inExpression(yaml, index, declared.error));
    if (declared.warning) warnings.push(inExpression(yaml, index, declared.warning));
    const tag = indexes.get(definition.name) as number;
    tags[tag] = { ...definition, unit: declared.unit, periodMs: ownPeriod(definition, periodMs, bound, tags) };
    points.push({
      ...{ tag, bound: declared.bound, inputs: bound.inputs, remembers: bound.remembers },
      level: order.levels[row] as number,
      periodMs: periodMs ?? (bound.remembers ? defaultPeriodMs : undefined),
      meaning: meaningOf(entry, bound, tags),
    });
  }
  return { points, tags, errors, warnings };
}

/** Digest of the expression and the units that it reads: short, since it is written with every memory. */
function meaningOf({ expression }: Entry, { inputs }: BoundExpression, tags: readonly TagDefinition[]): string {
  const units = inputs.map((input) => tags[input]?.unit ?? '');
  return createHash('sha256')
    .update([expression, ...units].join('\n'))
    .digest('base64url')
    .slice(0, 16);
}

/** What is computed whenever an input changes has the period of its fastest input. */
function ownPeriod(
  definition: TagDefinition,
  periodMs: number | undefined,
  { remembers, inputs }: BoundExpression,
  tags: readonly TagDefinition[],
): number {
  if (periodMs !== undefined || remembers) return definition.periodMs;
  return Math.min(...inputs.map((input) => tags[input]?.periodMs ?? defaultPeriodMs));
}

function circle(yaml: LocatedYaml, entries: readonly CalculatedEntry[], rows: readonly number[]): Problem {
  const [first = 0] = rows;
  const names = [...rows, first].map((row) => `[${entries[row]?.definition.name}]`);
  const error = calculationErrors.create('CYCLE', configTexts.circle(names.join(' → ')));
  return yaml.problem(['calculated', entries[first]?.index ?? 0, 'expression'], error);
}

function tagsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'tag':
      return [expression.name];
    case 'unary':
      return tagsIn(expression.operand);
    case 'binary':
      return [...tagsIn(expression.left), ...tagsIn(expression.right)];
    case 'call':
      return expression.given.flatMap(tagsIn);
    default:
      return [];
  }
}
