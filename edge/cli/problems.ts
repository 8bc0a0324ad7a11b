import { formatProblemIn, type Problem } from '../config/problem.ts';
import { both } from '../core/text.ts';
import { type Language, languageOf } from './language.ts';

const kinds = { error: both('error', '错误'), warning: both('warning', '警告') } as const;

/** Prints problems as compilers do, errors first, in the language of the terminal. */
export function printProblems(
  errors: readonly Problem[],
  warnings: readonly Problem[],
  language: Language = languageOf(process.env),
): void {
  const print = (problem: Problem, kind: keyof typeof kinds) =>
    console.error(`${kinds[kind][language]} ${formatProblemIn(problem, language)}`);
  for (const problem of errors) print(problem, 'error');
  for (const problem of warnings) print(problem, 'warning');
}

/** `1 error`, `2 errors`. */
export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;
