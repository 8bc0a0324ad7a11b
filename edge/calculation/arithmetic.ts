import { isGood, Quality } from '../core/quality.ts';
import type { Bound } from './bound.ts';
import type { BinaryOperator } from './expression.ts';
import { type Frame, settle } from './frame.ts';
import type { FunctionName } from './functions.ts';
import type { remembering } from './remembering.ts';

type Logical = '&&' | '||';
/** Functions that need only what is there now. */
type Momentary = Exclude<FunctionName, keyof typeof remembering>;
/** Registers go in and out, so that no number is handed around. */
type Two = (values: Float64Array, a: number, b: number, to: number) => void;
type Many = (values: Float64Array, from: readonly number[], to: number) => void;

const operators: Readonly<Record<Exclude<BinaryOperator, Logical>, Two>> = {
  '+': (v, a, b, to) => {
    v[to] = (v[a] as number) + (v[b] as number);
  },
  '-': (v, a, b, to) => {
    v[to] = (v[a] as number) - (v[b] as number);
  },
  '*': (v, a, b, to) => {
    v[to] = (v[a] as number) * (v[b] as number);
  },
  '/': (v, a, b, to) => {
    v[to] = (v[a] as number) / (v[b] as number);
  },
  '%': (v, a, b, to) => {
    v[to] = (v[a] as number) % (v[b] as number);
  },
  '==': (v, a, b, to) => {
    v[to] = v[a] === v[b] ? 1 : 0;
  },
  '!=': (v, a, b, to) => {
    v[to] = v[a] === v[b] ? 0 : 1;
  },
  '<': (v, a, b, to) => {
    v[to] = (v[a] as number) < (v[b] as number) ? 1 : 0;
  },
  '<=': (v, a, b, to) => {
    v[to] = (v[a] as number) <= (v[b] as number) ? 1 : 0;
  },
  '>': (v, a, b, to) => {
    v[to] = (v[a] as number) > (v[b] as number) ? 1 : 0;
  },
  '>=': (v, a, b, to) => {
    v[to] = (v[a] as number) >= (v[b] as number) ? 1 : 0;
  },
};

/** On 32 bits; NaN for what is no whole number of them. */
const bitwise: Readonly<Record<'and' | 'or' | 'xor' | 'shl' | 'shr', (a: number, b: number) => number>> = {
  and: (a, b) => (a & b) >>> 0,
  or: (a, b) => (a | b) >>> 0,
  xor: (a, b) => (a ^ b) >>> 0,
  shl: (a, b) => (isShift(b) ? (a << b) >>> 0 : Number.NaN),
  shr: (a, b) => (isShift(b) ? a >>> b : Number.NaN),
};
const isShift = (b: number) => b >= 0 && b <= 31;
const isWord = (value: number) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32;

const many: Readonly<Record<'abs' | 'sqrt' | 'min' | 'max' | 'sum' | 'avg', Many>> = {
  abs: (v, [a = 0], to) => {
    v[to] = Math.abs(v[a] as number);
  },
  sqrt: (v, [a = 0], to) => {
    v[to] = Math.sqrt(v[a] as number);
  },
  min: (v, from, to) => {
    v[to] = Number.POSITIVE_INFINITY;
    for (const a of from) v[to] = Math.min(v[to] as number, v[a] as number);
  },
  max: (v, from, to) => {
    v[to] = Number.NEGATIVE_INFINITY;
    for (const a of from) v[to] = Math.max(v[to] as number, v[a] as number);
  },
  sum: (v, from, to) => {
    v[to] = 0;
    for (const a of from) v[to] = (v[to] as number) + (v[a] as number);
  },
  avg: (v, from, to) => {
    many.sum(v, from, to);
    v[to] = (v[to] as number) / from.length;
  },
};

/** One operation on registers: reads those of its parts, leaves value and quality in `to`. */
export function operate(
  bound: Exclude<Bound, { readonly kind: 'number' | 'tag' }>,
  frame: Frame,
  from: readonly number[],
  to: number,
): () => void {
  const { values } = frame;
  const [a = 0, b = 0] = from;
  switch (bound.kind) {
    case 'scaled':
      return worstOf(frame, from, to, () => {
        values[to] = (values[a] as number) * bound.factor;
      });
    case 'not':
      return worstOf(frame, from, to, () => {
        values[to] = values[a] === 0 ? 1 : 0;
      });
    case 'binary': {
      if (bound.operator === '&&' || bound.operator === '||') return decide(frame, bound.operator === '||', a, b, to);
      const run = operators[bound.operator];
      return worstOf(frame, from, to, () => run(values, a, b, to));
    }
    case 'call':
      return call(bound.name as Momentary, bound.settings, frame, from, to);
  }
}

function call(
  name: Momentary,
  [setting = 0]: readonly number[],
  frame: Frame,
  from: readonly number[],
  to: number,
): () => void {
  const { values, quality } = frame;
  const [a = 0, b = 0, c = 0] = from;
  switch (name) {
    case 'if':
      return () => {
        const taken = values[a] === 0 ? c : b;
        values[to] = values[taken] as number;
        quality[to] = Math.max(quality[a] as number, quality[taken] as number);
        settle(frame, to);
      };
    case 'good':
      return () => {
        values[to] = isGood(quality[a] as number) ? 1 : 0;
        quality[to] = Quality.good;
      };
    case 'bit':
      return worstOf(frame, from, to, () => {
        const word = values[a] as number;
        values[to] = isWord(word) ? (word >>> setting) & 1 : Number.NaN;
      });
    case 'and':
    case 'or':
    case 'xor':
    case 'shl':
    case 'shr': {
      const run = bitwise[name];
      return worstOf(frame, from, to, () => {
        const [x, y] = [values[a] as number, values[b] as number];
        values[to] = isWord(x) && isWord(y) ? run(x, y) : Number.NaN;
      });
    }
    default: {
      const run = many[name];
      return worstOf(frame, from, to, () => run(values, from, to));
    }
  }
}

/** The result is as good as the worst of what it was made of: the highest quality code. */
function worstOf(frame: Frame, from: readonly number[], to: number, run: () => void): () => void {
  const { quality } = frame;
  return () => {
    let worst = 0;
    for (const register of from) worst = Math.max(worst, quality[register] as number);
    quality[to] = worst;
    run();
    settle(frame, to);
  };
}

/** `&&` and `||`: when the left side decides, the right one does not matter. */
function decide(frame: Frame, decisive: boolean, a: number, b: number, to: number): () => void {
  const { values, quality } = frame;
  return () => {
    const decided = (values[a] !== 0) === decisive;
    values[to] = (decided ? decisive : values[b] !== 0) ? 1 : 0;
    quality[to] = decided ? (quality[a] as number) : Math.max(quality[a] as number, quality[b] as number);
    settle(frame, to);
  };
}
