import { formatProblem, type Problem } from '../config/problem.ts';

/** Prints problems as compilers do, errors first. */
export function printProblems(errors: readonly Problem[], warnings: readonly Problem[]): void {
  for (const problem of errors) console.error(`error ${formatProblem(problem)}`);
  for (const problem of warnings) console.error(`warning ${formatProblem(problem)}`);
}

/** `1 error`, `2 errors`. */
export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;
