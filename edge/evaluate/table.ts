import type { LifelineError } from '../core/errors.ts';
import type { ColumnStore } from './column-store.ts';
import type { TimeFormat } from './csv/time-cell.ts';

/** A CSV export in memory. */
export interface Table {
  /** Columns other than time and label. */
  readonly names: readonly string[];
  readonly store: ColumnStore;
  /** For columns of words: the words by their codes 0, 1, …; undefined for numbers. */
  readonly words: readonly (readonly string[] | undefined)[];
  /** Columns of more different words than a state has. */
  readonly prose: ReadonlySet<string>;
  /** ms since epoch, or plain numbers; undefined without a time column. */
  readonly times: Float64Array | undefined;
  readonly timeFormat: TimeFormat | undefined;
  /** 1 where the label column says that something is wrong. */
  readonly labels: Uint8Array | undefined;
  /** What was wrong with the file, located. */
  readonly warnings: readonly LifelineError[];
}
