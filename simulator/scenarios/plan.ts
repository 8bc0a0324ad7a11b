import { configErrors } from '../../edge/config/errors.ts';
import type { LocatedYaml, Path } from '../../edge/config/located-yaml.ts';
import type { Problem } from '../../edge/config/problem.ts';
import { parseDuration } from '../../edge/core/duration.ts';
import { suggest } from '../../edge/core/suggest.ts';
import type { City } from '../city/city.ts';
import type { Happening, HappeningKind } from '../city/happening.ts';
import type { LabelHints } from '../city/label.ts';
import { scenarioErrors } from './errors.ts';
import { parseMoment } from './moment.ts';
import type { HappeningEntry } from './spec.ts';

/** A happening that is to begin at its `startMs`, and what its scenario says about its label. */
export interface PlannedHappening extends Happening {
  readonly hints?: LabelHints;
}

/** Happenings in the order of their beginnings, and all that is wrong with what was written. */
export interface Plan {
  readonly happenings: readonly PlannedHappening[];
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** What of a city a scenario is checked against. */
export type PlannedCity = Pick<City, 'happenings' | 'plcs'> & {
  /** City time from which durations count, ms since epoch. */
  readonly startMs: number;
};

type Entries = readonly HappeningEntry[];

/** Collects what is wrong with one entry. */
class EntryProblems {
  readonly errors: Problem[] = [];
  readonly warnings: Problem[] = [];
  private readonly yaml: LocatedYaml;
  private readonly index: number;

  constructor(yaml: LocatedYaml, index: number) {
    this.yaml = yaml;
    this.index = index;
  }

  error(key: string | Path, error: ReturnType<typeof scenarioErrors.create>, meant?: string): undefined {
    this.errors.push(this.at(key, error, meant));
  }

  warn(key: string, error: ReturnType<typeof scenarioErrors.create>): void {
    this.warnings.push(this.at(key, error));
  }

  private at(key: string | Path, error: ReturnType<typeof scenarioErrors.create>, meant?: string): Problem {
    const path = ['happenings', this.index, ...(typeof key === 'string' ? [key] : key)];
    return this.yaml.problem(path, error, meant === undefined ? undefined : `did you mean "${meant}"?`);
  }
}

/** Checks the happenings of a file against a city that is to play them; `yaml` knows where each stands. */
export function planScenario(yaml: LocatedYaml, entries: Entries, city: PlannedCity): Plan {
  const tags = new Set(city.plcs.flatMap((plc) => plc.points.map(({ name }) => `${plc.id}/${name}`)));
  const kinds = new Map(city.happenings.map((kind) => [kind.kind, kind]));
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const read = entries.map((entry, index) => {
    const problems = new EntryProblems(yaml, index);
    const happening = readEntry(entry, index, kinds, city.startMs, problems);
    checkReferences(entry, index, entries, tags, problems);
    errors.push(...problems.errors);
    warnings.push(...problems.warnings);
    return happening;
  });
  errors.push(...overlaps(yaml, read));
  const happenings = read.filter((happening) => happening !== undefined).sort((a, b) => a.startMs - b.startMs);
  return { happenings, errors, warnings };
}

const idOf = (entry: HappeningEntry, index: number): string => entry.id ?? `scenario-${index + 1}`;

function readEntry(
  entry: HappeningEntry,
  index: number,
  kinds: ReadonlyMap<string, HappeningKind>,
  startMs: number,
  problems: EntryProblems,
): PlannedHappening | undefined {
  const kind = readKind(entry, kinds, problems);
  const times = readTimes(entry, startMs, problems);
  if (!kind) return undefined;
  const magnitude = readSize(entry, kind, problems);
  if (!times || magnitude === undefined) return undefined;
  const { decoy, level, alarmWithin, expect } = entry.label;
  return {
    ...{ id: idOf(entry, index), kind: kind.kind, target: entry.target, magnitude, ...times },
    ...(entry.parent === undefined ? {} : { parent: entry.parent }),
    hints: {
      ...(decoy === undefined ? {} : { decoy }),
      ...(level === undefined ? {} : { level }),
      ...(alarmWithin === undefined ? {} : { alarmWithinS: secondsOf(alarmWithin) }),
      ...(expect === undefined ? {} : { expectedTags: expect }),
    },
  };
}

/** Seconds of a duration that the schema has let pass. */
const secondsOf = (text: string): number => (parseDuration(text) ?? 0) / 1000;

function readKind(
  { kind: name, target }: HappeningEntry,
  kinds: ReadonlyMap<string, HappeningKind>,
  problems: EntryProblems,
): HappeningKind | undefined {
  const kind = kinds.get(name);
  if (!kind) {
    const error = scenarioErrors.create('KIND', `this city plays no "${name}"`);
    return problems.error('kind', error, suggest(name, kinds.keys()));
  }
  if (!kind.targets.includes(target)) {
    const some = kind.targets.slice(0, 5).join(', ');
    const more = kind.targets.length > 5 ? `, … (${kind.targets.length} of them)` : '';
    const error = scenarioErrors.create('TARGET', `${name} cannot happen to "${target}", only to ${some}${more}`);
    problems.error('target', error, suggest(target, kind.targets));
  }
  return kind;
}

function readTimes(
  entry: HappeningEntry,
  cityStartMs: number,
  problems: EntryProblems,
): Pick<Happening, 'startMs' | 'durationS' | 'rampS'> | undefined {
  const wrong = (key: string, message: string) => problems.error(key, scenarioErrors.create('TIME', message));
  const startMs = parseMoment(entry.at, cityStartMs);
  if (startMs === undefined) return wrong('at', `"${entry.at}" is neither a duration nor a time with its offset`);
  if (startMs < cityStartMs) {
    return wrong('at', `it begins at ${entry.at}, before the city does at ${new Date(cityStartMs).toISOString()}`);
  }
  if (entry.for !== undefined && entry.until !== undefined) return wrong('until', 'give "for" or "until", not both');
  const endMs = entry.until === undefined ? undefined : parseMoment(entry.until, cityStartMs);
  if (entry.until !== undefined && endMs === undefined) {
    return wrong('until', `"${entry.until}" is neither a duration nor a time with its offset`);
  }
  if (endMs !== undefined && endMs <= startMs)
    return wrong('until', `it ends at ${entry.until}, not after its beginning`);
  const durationS = endMs === undefined ? secondsOf(entry.for ?? '0s') : (endMs - startMs) / 1000;
  if (entry.for !== undefined && durationS <= 0) return wrong('for', 'it lasts no time at all');
  const rampS = secondsOf(entry.ramp ?? '0s');
  if (durationS > 0 && rampS > durationS) return wrong('ramp', `it grows for ${rampS} s but lasts only ${durationS} s`);
  return { startMs, durationS, rampS };
}

/** Whether a kind is or is not, without sizes between. */
const isSwitch = ({ magnitude: { low, high } }: HappeningKind): boolean => low === high;

function readSize({ size, ramp }: HappeningEntry, kind: HappeningKind, problems: EntryProblems): number | undefined {
  const { unit, low, high } = kind.magnitude;
  if (ramp !== undefined && isSwitch(kind)) {
    problems.error('ramp', scenarioErrors.create('TIME', `${kind.kind} is or is not: it cannot grow`));
  }
  if (size === undefined) {
    if (isSwitch(kind)) return low;
    const error = scenarioErrors.create('SIZE', `${kind.kind} needs a size: ${low}–${high} ${unit}`);
    return problems.error('size', error);
  }
  if (size < low || size > high) {
    const usual = isSwitch(kind) ? `${low}` : `${low}–${high} ${unit}`;
    problems.warn('size', scenarioErrors.create('SIZE', `${size} is not usual for ${kind.kind}: ${usual}`));
  }
  return size;
}

function checkReferences(
  entry: HappeningEntry,
  index: number,
  entries: Entries,
  tags: ReadonlySet<string>,
  problems: EntryProblems,
): void {
  const id = idOf(entry, index);
  const ids = entries.map(idOf);
  if (ids.indexOf(id) < index) {
    problems.error(
      'id',
      configErrors.create('DUPLICATE', `"${id}" is the id of happenings[${ids.indexOf(id)}] already`),
    );
  }
  const others = ids.filter((other) => other !== id);
  if (entry.parent !== undefined && !others.includes(entry.parent)) {
    const error = configErrors.create('REFERENCE', `no other happening has the id "${entry.parent}"`);
    problems.error('parent', error, suggest(entry.parent, others));
  }
  for (const [place, tag] of (entry.label.expect ?? []).entries()) {
    if (tags.has(tag)) continue;
    const error = configErrors.create('REFERENCE', `this city has no tag "${tag}"`);
    problems.error(['label', 'expect', place], error, suggest(tag, tags));
  }
}

/** Two of one kind on one target at a time: nobody could say which of them an alarm is about. */
function overlaps(yaml: LocatedYaml, read: readonly (PlannedHappening | undefined)[]): Problem[] {
  const last = new Map<string, { readonly index: number; readonly endMs: number }>();
  const placed = read
    .flatMap((happening, index) => (happening ? [{ happening, index }] : []))
    .sort((a, b) => a.happening.startMs - b.happening.startMs);
  return placed.flatMap(({ happening: { kind, target, startMs, durationS }, index }) => {
    const key = `${kind} ${target}`;
    const before = last.get(key);
    const endMs = durationS > 0 ? startMs + durationS * 1000 : Number.POSITIVE_INFINITY;
    last.set(key, { index, endMs: Math.max(endMs, before?.endMs ?? 0) });
    if (!before || startMs >= before.endMs) return [];
    const message = `${kind} befalls ${target} while that of happenings[${before.index}] lasts`;
    return [yaml.problem(['happenings', index, 'at'], scenarioErrors.create('OVERLAP', message))];
  });
}
