import type { BinaryOperator } from './expression.ts';
import type { FunctionName } from './functions.ts';

/** An expression whose names are resolved and whose units are made alike: what is left to do is arithmetic. */
export type Bound =
  | { readonly kind: 'number'; readonly value: number }
  /** The newest sample of a tag, by index. */
  | { readonly kind: 'tag'; readonly tag: number }
  | { readonly kind: 'scaled'; readonly factor: number; readonly operand: Bound }
  | { readonly kind: 'not'; readonly operand: Bound }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Bound; readonly right: Bound }
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly values: readonly Bound[];
      /** Numbers as written; durations and units of time in ms; in the order of the parameters. */
      readonly settings: readonly number[];
    };

/** A calculated point that can be computed. */
export interface CalculatedPoint {
  /** Index of its own tag. */
  readonly tag: number;
  readonly bound: Bound;
  /** Computed so often; undefined: whenever an input has a new sample. */
  readonly periodMs: number | undefined;
  /** Looks back in time, so that its samples carry the time of the evaluation instead of their inputs'. */
  readonly remembers: boolean;
  /** Tags that it reads, each once; calculated ones among them come earlier in the list of points. */
  readonly inputs: readonly number[];
  /** 0: reads measured tags only; otherwise one more than the highest level that it reads. */
  readonly level: number;
  /** Tells what its memory means, by the expression and the units of what it reads. Another one makes the memory void. */
  readonly meaning: string;
}
