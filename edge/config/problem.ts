import type { LifelineError } from '../core/errors.ts';

/** One thing wrong in a configuration, located for people and editors. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `devices[0].endpoint`, or the column's name in a point table. */
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Turns a coded error into a located problem; `fix` defaults to the catalogue's next step. */
export function problemAt(
  place: { readonly file: string; readonly line: number; readonly column: number; readonly path: string },
  error: LifelineError,
  fix: string = error.next,
): Problem {
  return { ...place, code: error.code, message: error.message, fix };
}

/** `file:line:col path: problem; fix`, as compilers print it. */
export function formatProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : ` ${problem.path}`;
  return `${place}${path}: ${problem.message} [${problem.code}]; ${problem.fix}`;
}
