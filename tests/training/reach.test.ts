import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackAsset } from '../../edge/core/pack.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { ResidualPart } from '../../edge/detection/calibration.ts';
import { largest } from '../../edge/detection/order-statistics.ts';
import { ExpectedValue } from '../../edge/detection/residual/expected-value.ts';
import { Leverage, mostWidening } from '../../edge/detection/residual/reach.ts';
import { termCount, writeTerms } from '../../edge/detection/residual/terms.ts';
import { calibrateAsset } from '../../models/training/residuals/calibrate-asset.ts';
import { LeastSquares } from '../../models/training/residuals/least-squares.ts';
import { type Held, withReach } from '../../models/training/residuals/reach.ts';

const startMs = Date.UTC(2026, 0, 5);
const minutes = 14 * 1440;
const pack = {
  detectors: [
    { detector: 'residual', kind: 'worn', options: { residuals: [{ role: 'head', of: ['flow'], moves: 'down' }] } },
  ],
} as unknown as PackAsset;

type Curve = (flow: number) => number;
const parabola: Curve = (flow) => 40 - 0.002 * flow ** 2;
/** Another curve from 76 on, as when a valve begins to open. */
const bent: Curve = (flow) => parabola(flow) - Math.max(0, 0.35 * (flow - 76));

/** Minutes of a fortnight with a mild and a cold day, as it were: about 40 to 80, noise of 0.1 a minute and 0.05 a day. */
function rowsOf(seed: number, curve: Curve) {
  const random = seededRandom(seed, 'reach');
  const flow = new Float32Array(minutes);
  const head = new Float32Array(minutes);
  let [level, daily] = [60, 0];
  for (let row = 0; row < minutes; row++) {
    if (row % 1440 === 0) [level, daily] = [60 + 8 * random.normal(), 0.05 * random.normal()];
    flow[row] = level + 8 * Math.sin((2 * Math.PI * row) / 1440) + random.normal();
    head[row] = curve(flow[row] as number) + daily + 0.1 * random.normal();
  }
  return { timesMs: Float64Array.from({ length: minutes }, (_, row) => startMs + row * 60_000), flow, head };
}

function partOf(seed: number): ResidualPart {
  const { timesMs, flow, head } = rowsOf(seed, parabola);
  const { worn } = calibrateAsset(pack, { timesMs, columns: new Map(Object.entries({ flow, head })) }, 480);
  return worn?.parts[0] as ResidualPart;
}

describe('the leverage of inputs', () => {
  const part = (count: number): ResidualPart['of'] =>
    Array.from({ length: count }, (_, index) => ({ role: `r${index}`, centre: 5, spread: 2, low: 0, high: 10 }));

  it('is the variance of what least squares expect, as redrawn noise shows it', () => {
    // 40 rows, 4,000 draws of unit noise: the variance of a fit is known to 2.3 % (standard deviation)
    const [rows, draws] = [40, 4000];
    const random = seededRandom(4, 'leverage');
    const of = part(1);
    const drawn = Array.from({ length: rows }, () => Float64Array.of(random.normal()));
    const termsOf = (z: Float64Array) => {
      const terms = new Float64Array(termCount(1));
      writeTerms(z, terms);
      return terms;
    };
    const moments = new LeastSquares(termCount(1));
    for (const z of drawn) moments.add(termsOf(z), 0);
    const leverage = new Leverage(of, moments.factorOfMoments());
    for (const z of [0, 1.5, 3]) {
      let square = 0;
      for (let draw = 0; draw < draws; draw++) {
        const squares = new LeastSquares(termCount(1));
        for (const row of drawn) squares.add(termsOf(row), random.normal());
        const [level = 0, ...weights] = squares.solve();
        square +=
          (level + weights.reduce((sum, weight, at) => sum + weight * (termsOf(Float64Array.of(z))[at] ?? 0), 0)) ** 2;
      }
      expect((square / draws / leverage.at([5 + 2 * z])) * rows).toBeCloseTo(1, 0.7);
    }
  });

  it('is as large as there are terms in the mean of the rows, whatever they are', () => {
    const rowsOf = fc.integer({ min: 1, max: 5 }).chain((count) => fc.tuple(fc.constant(count), fc.nat()));
    fc.assert(
      fc.property(rowsOf, ([count, seed]) => {
        const random = seededRandom(seed, 'rows');
        const rows = Array.from({ length: 400 }, () => Float64Array.from({ length: count }, () => random.normal()));
        const terms = new Float64Array(termCount(count));
        const squares = new LeastSquares(terms.length);
        for (const row of rows) {
          writeTerms(row, terms);
          squares.add(terms, 0);
        }
        const leverage = new Leverage(part(count), squares.factorOfMoments());
        const mean = rows.reduce((sum, row) => sum + leverage.at(row.map((z) => 5 + 2 * z)), 0) / rows.length;
        expect(mean).toBeLessThanOrEqual(1 + terms.length + 1e-9);
        expect(mean).toBeGreaterThan(0.97 * (1 + terms.length));
      }),
      { numRuns: 50 },
    );
  });
});

describe('the reach of a calibrated part', () => {
  /** Flows beyond the box of what was taught at which the part still judges, both ways. */
  function judgedBeyond({ of, ...part }: ResidualPart): readonly number[] {
    const expected = new ExpectedValue({ of, ...part });
    const { low = 0, high = 0 } = of[0] ?? {};
    const slack = 0.1 * (high - low);
    const steps = Array.from({ length: 400 }, (_, step) => step / 10);
    const flows = [...steps.map((step) => low - slack - step), ...steps.map((step) => high + slack + step)];
    return flows.filter((flow) => expected.widening([flow]) > 1 && expected.knows([flow]));
  }

  it('covers what is true beyond what was taught at least as often as a normal interval says', () => {
    const random = seededRandom(9, 'coverage');
    let [within, all] = [0, 0];
    for (let seed = 1; seed <= 12; seed++) {
      const part = partOf(seed);
      const expected = new ExpectedValue(part);
      for (const flow of judgedBeyond(part)) {
        const head = parabola(flow) + 0.05 * random.normal() + 0.1 * random.normal();
        const deviation = (head - expected.at([flow], startMs, 480)) / (part.scale * expected.widening([flow]));
        all++;
        if (Math.abs(deviation) <= 1.96) within++;
      }
    }
    expect(all).toBeGreaterThan(200);
    expect(within / all).toBeGreaterThanOrEqual(0.95);
  });

  it('ends no further out than was tried, and where limits would be three times as wide', () => {
    const part = partOf(1);
    const expected = new ExpectedValue(part);
    const [nearest = 0, furthest = 0] = [judgedBeyond(part).at(0), judgedBeyond(part).at(-1)];
    expect(expected.widening([furthest])).toBeLessThanOrEqual(mostWidening);
    expect(expected.widening([nearest])).toBeGreaterThanOrEqual(1);
    expect(expected.widening([10 * furthest])).toBe(Number.POSITIVE_INFINITY);
    expect(expected.knows([10 * furthest])).toBe(false);
    expect(expected.beyond([10 * furthest]).map(({ role }) => role)).toEqual(['flow']);
  });

  it('is the less the worse the inner rows foretell the outermost, and none where their chart bears it by no growth', () => {
    const { reach: _, ...part } = partOf(1);
    const learnt = (curve: Curve, bears: (held: readonly Held[]) => boolean) => {
      const { timesMs, flow, head } = rowsOf(1, curve);
      const sample = { timesMs, target: Float64Array.from(head), inputs: [Float64Array.from(flow)] };
      return withReach([{ part, sample, daily: false }], 480, bears)[0]?.reach;
    };
    /** The furthest off of what is judged, in deviations of the noise. */
    const misfit = (held: readonly Held[]) => largest(held.flatMap(({ rest }) => [...rest.map(Math.abs)])) / 0.11;
    const seen: number[] = [];
    const bears = (held: readonly Held[]) => {
      seen.push(misfit(held));
      return misfit(held) <= 6;
    };
    const right = learnt(parabola, bears);
    expect(right?.growth).toBeCloseTo(1 / 14, 3);
    seen.length = 0;
    const wrong = learnt(bent, bears);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect(wrong?.growth).toBeCloseTo(2 ** (seen.length - 1) / 14, 3);
    expect(wrong?.furthest).toBeLessThan(right?.furthest ?? 0);
    expect(learnt(parabola, () => false)).toBeUndefined();
  });

  it('is none for an input that never moved', () => {
    const { reach, ...part } = partOf(1);
    const still = { ...(part.of[0] as ResidualPart['of'][number]), low: 60, high: 60, spread: 1, centre: 60 };
    const expected = new ExpectedValue({ ...part, ...(reach ? { reach } : {}), of: [still] });
    expect([60, 60.1].map((flow) => expected.widening([flow]))).toEqual([1, Number.POSITIVE_INFINITY]);
  });
});
