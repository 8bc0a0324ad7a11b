import { suggest } from '../../edge/core/suggest.ts';
import type { HappeningKind } from '../city/happening.ts';
import { scenarioErrors } from './errors.ts';

/** Attacks come to pass only where somebody asks for them. */
const unasked = 'attack.';

const fits = (pattern: string, { kind }: HappeningKind): boolean =>
  pattern.endsWith('*') ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern;

/**
 * The kinds from which chance draws: those that fit one of the patterns (`water.burst`, `attack.*`, `*`), all but attacks
 * where there are none. Throws `LL-SCENARIO-KIND` for a pattern that fits nothing.
 */
export function drawnKinds(kinds: readonly HappeningKind[], patterns?: readonly string[]): readonly HappeningKind[] {
  if (!patterns) return kinds.filter(({ kind }) => !kind.startsWith(unasked));
  for (const pattern of patterns) {
    if (kinds.some((kind) => fits(pattern, kind))) continue;
    const near = suggest(
      pattern,
      new Set(kinds.flatMap(({ kind }) => [kind, `${kind.slice(0, kind.indexOf('.'))}.*`])),
    );
    const meant = near === undefined ? '' : `; did you mean "${near}"?`;
    throw scenarioErrors.create('KIND', `this city plays nothing like "${pattern}"${meant}`);
  }
  return kinds.filter((kind) => patterns.some((pattern) => fits(pattern, kind)));
}
