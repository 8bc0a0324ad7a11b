import type { Text } from './text.ts';

/** One thing wrong in a configuration; lines and columns count from 1, and a line of a table is its row. */
export interface ConfigurationProblem {
  /** Relative to the folder of the configuration. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `sheet!C7` in a workbook; left out in text files. */
  readonly cell?: string;
  readonly path: string;
  readonly code: string;
  readonly message: Text;
  readonly fix: Text;
}
