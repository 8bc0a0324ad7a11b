import type { LifelineError } from '../core/errors.ts';
import { asText, type Text } from '../core/text.ts';

/** Where something stands in a configuration, for people and editors. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  /** Sheet of a workbook; absent in text files. */
  readonly sheet?: string;
  readonly line: number;
  readonly column: number;
  /** `devices[0].endpoint`, or the column's name in a point table. */
  readonly path: string;
}

/** Where a column of one row of a point table stands, by key. */
export type PlaceOf = (column: string) => Place;

/** One thing wrong in a configuration. */
export interface Problem extends Place {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  /** The same for readers of Chinese. */
  readonly zh: { readonly message: string; readonly fix: string };
}

/** Turns a coded error into a located problem; `fix` defaults to the catalogue's next step. */
export function problemAt(place: Place, error: LifelineError, fix: Text | string = error.step): Problem {
  const [message, step] = [error.told, asText(fix)];
  return {
    ...{ ...place, code: error.code, message: message.en, fix: step.en },
    zh: { message: message.zh, fix: step.zh },
  };
}

/** In English, for logs. */
export const formatProblem = (problem: Problem): string => formatProblemIn(problem, 'en');

/** `file:line:col path: problem; fix`, as compilers print it; `file:sheet!C7` in a workbook, as spreadsheets name it. */
export function formatProblemIn(problem: Problem, language: keyof Text): string {
  const { file, line, column } = problem;
  const place = cellOf(problem) ?? `${line}:${column}`;
  const path = problem.path === '' ? '' : ` ${problem.path}`;
  const { message, fix } = language === 'zh' ? problem.zh : problem;
  const [colon, semicolon] = language === 'zh' ? ['：', '；'] : [': ', '; '];
  return `${file}:${place}${path}${colon}${message} [${problem.code}]${semicolon}${fix}`;
}

/** `sheet!C7`, as spreadsheets name a cell; undefined in text files. */
export const cellOf = ({ sheet, line, column }: Place): string | undefined =>
  sheet === undefined ? undefined : `${sheet}!${columnLetters(column)}${line}`;

/** `A` for column 1, `AA` for 27. */
function columnLetters(column: number): string {
  const before = Math.floor((column - 1) / 26);
  return (before > 0 ? columnLetters(before) : '') + String.fromCharCode(65 + ((column - 1) % 26));
}
