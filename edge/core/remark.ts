import type { LifelineError } from './errors.ts';
import type { Text } from './text.ts';

/** Something about an entry of the configuration that its keys, each by itself, do not tell. */
export interface Remark {
  /** Place within the entry. */
  readonly path: readonly (string | number)[];
  readonly severity: 'error' | 'warning';
  readonly error: LifelineError;
  readonly fix?: Text | string;
}

/** The same where several entries are looked at together. */
export interface EntryRemark extends Remark {
  /** Which of them it is about. */
  readonly entry: number;
}
