import { relative, resolve } from 'node:path';
import { cellOf, type Problem } from '../config/problem.ts';
import type { ConfigurationProblem } from '../console/configuration-api.ts';

/** A problem as pages show it: files by their path from the folder of the configuration. */
export const shownProblem = (problem: Problem, folder: string): ConfigurationProblem => {
  const { file, line, column, path, code, message, fix, zh } = problem;
  const cell = cellOf(problem);
  const shown = (text: string) => text.replaceAll(`${folder}/`, '');
  return {
    ...{ file: relative(folder, resolve(folder, file)), line, column, path, code },
    ...(cell === undefined ? {} : { cell }),
    message: { en: shown(message), zh: shown(zh.message) },
    fix: { en: fix, zh: zh.fix },
  };
};
