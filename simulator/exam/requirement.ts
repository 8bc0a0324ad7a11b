import { suggest } from '../../edge/core/suggest.ts';
import { examErrors } from './errors.ts';
import { type Score, score } from './score.ts';

const operators = {
  '>=': (value: number, bound: number) => value >= bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '<': (value: number, bound: number) => value < bound,
  '=': (value: number, bound: number) => value === bound,
} as const;
type Operator = keyof typeof operators;

/** One figure and its bound: `recall>=0.95`. */
export interface Requirement {
  readonly text: string;
  readonly figure: string;
  readonly operator: Operator;
  readonly bound: number;
}

/** What a requirement came to; `value` is null where there was nothing to measure, which meets nothing. */
export interface Verdict {
  readonly requirement: Requirement;
  readonly value: number | null;
  readonly met: boolean;
}

const form = /^([a-zA-Z][\w.-]*)\s*(>=|<=|==|=|>|<)\s*(-?\d+(?:\.\d+)?)$/;

/**
 * Reads `recall>=0.95,water.falsePerAssetWeek<=0.1`: figures of the overall score by name, those of a utility or of a kind
 * of happening behind its name. Throws `LL-EXAM-REQUIRE` for what is not of that form.
 */
export function parseRequirements(text: string): readonly Requirement[] {
  return text.split(',').map((part): Requirement => {
    const match = form.exec(part.trim());
    if (!match) throw examErrors.create('REQUIRE', `"${part.trim()}" is not of the form figure>=number`);
    const [, figure = '', written = '', bound] = match;
    const operator = (written === '==' ? '=' : written) as Operator;
    return { text: part.trim(), figure, operator, bound: Number(bound) };
  });
}

/**
 * Throws `LL-EXAM-REQUIRE`, with the nearest name, for a figure that no score of this city can have.
 * @param groups utilities and kinds of happenings
 */
export function checkFigures(requirements: readonly Requirement[], groups: readonly string[]): void {
  const plain = [...figuresOf(score({ happenings: [], falseAlarms: [], endMs: 0 }, [], 1, {})).keys()];
  const names = new Set([...plain, ...groups.flatMap((group) => plain.map((name) => `${group}.${name}`))]);
  for (const { figure } of requirements) {
    if (names.has(figure)) continue;
    const meant = suggest(figure, names);
    const hint = meant ? `; did you mean "${meant}"?` : '';
    throw examErrors.create('REQUIRE', `there is no figure "${figure}"${hint} (figures: ${plain.join(', ')})`);
  }
}

/** Holds requirements against a score; what was not measured in this exam is null. */
export function judge(requirements: readonly Requirement[], measured: Score): readonly Verdict[] {
  const figures = figuresOf(measured);
  return requirements.map((requirement) => {
    const value = figures.get(requirement.figure) ?? null;
    return { requirement, value, met: value !== null && operators[requirement.operator](value, requirement.bound) };
  });
}

/** Every number of a score by its path: `recall`, `timeToDetectS.median`, `water.recall`, `water.burst.detected`. */
function figuresOf({ overall, utilities, byKind }: Score): ReadonlyMap<string, number | null> {
  const found = new Map<string, number | null>();
  const collect = (prefix: string, figures: object) => {
    for (const [name, value] of Object.entries(figures)) {
      if (typeof value === 'number' || value === null) found.set(`${prefix}${name}`, value);
      else if (typeof value === 'object') collect(`${prefix}${name}.`, value as object);
    }
  };
  collect('', overall);
  for (const [utility, figures] of Object.entries(utilities)) collect(`${utility}.`, figures);
  for (const figures of byKind) collect(`${figures.kind}.`, figures);
  return found;
}
