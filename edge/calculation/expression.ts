import type { LifelineError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';

/** An expression as written; `at` is the position of each part in the text, counted from 0. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'tag'; readonly name: string; readonly at: number }
  /** A quoted word: a duration or a unit of time. */
  | { readonly kind: 'word'; readonly text: string; readonly at: number }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: number;
    }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[]; readonly at: number };

export const unaryOperators = ['-', '+', '!'] as const;
export type UnaryOperator = (typeof unaryOperators)[number];
export const binaryOperators = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||'] as const;
export type BinaryOperator = (typeof binaryOperators)[number];

export const maxExpressionLength = 1000;
/** Brackets, calls and signs inside each other. */
export const maxExpressionDepth = 32;
/** Numbers, tags, operators and calls of one expression. */
export const maxExpressionParts = 200;

/** Something wrong in an expression, and where in its text. */
export interface ExpressionProblem {
  readonly at: number;
  readonly error: LifelineError;
  readonly fix?: Text | undefined;
}

/** Thrown inside this room for the first thing that makes an expression unreadable. */
export class Unreadable extends Error {
  readonly problem: ExpressionProblem;

  constructor(problem: ExpressionProblem) {
    super(problem.error.message);
    this.problem = problem;
  }
}
