import type { ResidualPart } from '../../../edge/detection/calibration.ts';
import { quantileOfSorted } from '../../../edge/detection/order-statistics.ts';
import { Leverage, mostWidening, type Reach, wideningOf } from '../../../edge/detection/residual/reach.ts';
import { termCount, writeTerms } from '../../../edge/detection/residual/terms.ts';
import { significant } from '../significant.ts';
import { LeastSquares } from './least-squares.ts';
import { learn, residualsOf, rowsWhere, type Sample, sampleAt } from './regression.ts';

/** The outermost share of the rows is what the others have to foretell. */
const outerShare = 0.2;
/** What lies further out than this share of the outermost is stray: a few rows try nothing. */
const triedShare = 0.99;
/** Of the rows that teach every so-manieth is taken: neighbours in time say nearly the same. */
const stride = 5;
/** So often growth is doubled, from one by which a day of rows counts as one observation; then nothing beyond is judged. */
const doublings = 16;
const dayMinutes = 1440;

/** A part of a claim with the rows that taught it. */
export interface TaughtPart {
  readonly part: ResidualPart;
  readonly sample: Sample;
  readonly daily: boolean;
}

/** Residuals of a part, row by row. */
export interface Held {
  readonly part: ResidualPart;
  readonly rest: Float64Array;
}

/**
 * How far the parts of a claim reach beyond what was taught, found by teaching them less: the inner four fifths of the rows
 * foretell the outermost, and the least growth is taken by which their chart bears what is wrong then. Parts stay as they are where
 * it bears it by none.
 * @param bears whether the chart of the claim stays quiet over such rows
 */
export function withReach(
  parts: readonly TaughtPart[],
  utcOffsetMinutes: number,
  bears: (held: readonly Held[]) => boolean,
): ResidualPart[] {
  const plain = parts.map(({ part }) => part);
  const rows = parts[0]?.sample.target.length ?? 0;
  const every = rowsWhere(rows, (row) => row % stride === 0);
  const taught = parts.map(({ part, sample }) => taughtBy(part.of, sampleAt(sample, every)));
  const isOuter = outermost(parts, taught);
  const foretold = parts.map((one) => foretell(one, isOuter, utcOffsetMinutes));
  for (let time = 0, growth = dayMinutes / rows; time <= doublings; time++, growth *= 2) {
    if (!bears(heldBy(foretold, growth))) continue;
    return plain.map((part, index) => {
      const own = taught[index] as Taught;
      const furthest = significant(own.highest * triedBy(foretold[index] as Foretold, growth));
      return part.of.length === 0 ? part : { ...part, reach: { ...own, furthest, growth: significant(growth) } };
    });
  }
  return plain;
}

/** Rows that are among the outermost for one of the parts. */
function outermost(parts: readonly TaughtPart[], taught: readonly Taught[]): Uint8Array {
  const outer = new Uint8Array(parts[0]?.sample.target.length ?? 0);
  for (const [index, { part, sample }] of parts.entries()) {
    const leverages = leveragesOf(part.of, taught[index]?.factor ?? [], sample);
    const from = quantileOfSorted(leverages.slice().sort(), 1 - outerShare);
    for (let row = 0; row < outer.length; row++) if ((leverages[row] as number) > from) outer[row] = 1;
  }
  return outer;
}

interface Foretold extends Held {
  readonly leverages: Float64Array;
  readonly less: Taught;
}

function foretell({ part, sample, daily }: TaughtPart, isOuter: Uint8Array, utcOffsetMinutes: number): Foretold {
  const pick = (holds: (row: number) => boolean) => sampleAt(sample, rowsWhere(isOuter.length, holds));
  const inner = pick((row) => isOuter[row] === 0 && row % stride === 0);
  const outer = pick((row) => isOuter[row] === 1);
  const less = taughtBy(part.of, inner);
  const rest = residualsOf(learn(part, inner, daily, utcOffsetMinutes), outer, utcOffsetMinutes);
  return { part, rest, less, leverages: leveragesOf(part.of, less.factor, outer) };
}

/** How many times as far out as the inner rows the outermost were that are judged by a growth, but for stray ones. */
function triedBy({ leverages, less: { highest } }: Foretold, growth: number): number {
  const most = highest + (mostWidening ** 2 - 1) / growth;
  const judged = leverages.filter((leverage) => leverage <= most).sort();
  return Math.max(1, quantileOfSorted(judged, triedShare) / highest);
}

/** The rows that are judged by a growth, each residual over how much wider its limit is. */
function heldBy(foretold: readonly Foretold[], growth: number): readonly Held[] {
  const widenings = foretold.map(({ leverages, less: { highest } }) =>
    leverages.map((leverage) => wideningOf(leverage, { highest, growth })),
  );
  const judged = rowsWhere(foretold[0]?.rest.length ?? 0, (row) =>
    widenings.every((own) => (own[row] as number) <= mostWidening),
  );
  return foretold.map(({ part, rest }, index) => ({
    part,
    rest: Float64Array.from(judged, (row) => (rest[row] as number) / (widenings[index]?.[row] as number)),
  }));
}

type Inputs = ResidualPart['of'];

/** What rows say of how far out others are. */
type Taught = Pick<Reach, 'factor' | 'highest'>;

/** What the inputs of some rows were, together. */
function taughtBy(of: Inputs, sample: Sample): Taught {
  const { inputs, target } = sample;
  const values = new Float64Array(of.length);
  const terms = new Float64Array(termCount(of.length));
  const squares = new LeastSquares(terms.length);
  for (let row = 0; row < target.length; row++) {
    for (const [index, { centre, spread }] of of.entries())
      values[index] = ((inputs[index]?.[row] as number) - centre) / spread;
    writeTerms(values, terms);
    squares.add(terms, 0);
  }
  const factor = squares.factorOfMoments().map((value) => significant(value, 7));
  const leverages = leveragesOf(of, factor, sample);
  return { factor, highest: significant(leverages.reduce((a, b) => Math.max(a, b), 0)) };
}

/** How far out each of the rows is. */
function leveragesOf(of: Inputs, factor: readonly number[], { inputs, target }: Sample): Float64Array {
  const leverage = new Leverage(of, factor);
  const values = new Float64Array(inputs.length);
  return target.map((_, row) => {
    for (let index = 0; index < values.length; index++) values[index] = (inputs[index] as Float64Array)[row] as number;
    return leverage.at(values);
  });
}
