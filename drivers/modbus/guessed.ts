import type { Text } from '../../edge/core/text.ts';
import type { PointType, WordOrder } from '../api.ts';

/** One way to read a span of registers. */
export interface Guess {
  readonly type: PointType;
  readonly order: WordOrder;
  /** Engineering = raw × scale; below 1 where only a scaled integer makes sense. */
  readonly scale: number;
  /** Raw values of the last reading, or its one text. */
  readonly values: readonly (number | string)[];
  /** The same of the reading before. */
  readonly before: readonly (number | string)[];
  /** 0..1; from 0.5 on it looks like a physical value. */
  readonly score: number;
  /** What speaks for it or against it. */
  readonly why: Text;
}
