import { beforeAll, describe, expect, it } from 'vitest';
import { distanceM } from '../../edge/core/distance.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { prior, ranked, updated } from '../../edge/detection/place/belief.ts';
import { logLikelihoods } from '../../edge/detection/place/likelihood.ts';
import { locate } from '../../edge/detection/place/locate.ts';
import { type PlaceMatrix, packChanges, unpackChanges } from '../../edge/detection/place/matrix.ts';
import { observationOf, type Shown } from '../../edge/detection/place/observation.ts';
import { Signatures } from '../../edge/detection/place/signature.ts';
import { waterMatrix } from '../../models/training/place/water-leaks.ts';
import { surveyedNetworks } from '../../simulator/water/survey.ts';

let matrix: PlaceMatrix;
let signatures: Signatures;
beforeAll(async () => {
  const [oldTown] = surveyedNetworks({});
  if (!oldTown) throw new Error('the city has no water network');
  matrix = await waterMatrix(oldTown);
  signatures = new Signatures(matrix);
});

const quietKpa = 0.6;
/** The main between two districts. */
const longestPipeM = 460;

/** What the gauges show of a leak of one of the matrix's sizes at mean demand, with so much noise on top, kPa and L/s. */
function shownOf(candidate: number, leak: number, noise = 0, seed = 1): Shown {
  const random = seededRandom(seed, `place-${candidate}`);
  const row = signatures.row(candidate, leak, 1);
  const before = Float64Array.from(matrix.sensors, ({ usual }) => usual);
  const after = before.map((value, sensor) => value + signatures.at(row, sensor) + noise * random.normal());
  return { before, after, noise: before.map(() => Math.max(quietKpa, noise)) };
}

/** Places of the candidates by probability after one observation. */
function order(shown: Shown): number[] {
  const found = updated(prior(matrix.candidates), logLikelihoods(signatures, observationOf(matrix, shown)));
  return [...found.keys()].sort((a, b) => (found[b] ?? 0) - (found[a] ?? 0));
}

const inDistricts = () => [...matrix.candidates.keys()].filter((index) => matrix.candidates[index]?.asset !== null);

describe('the place of a leak', () => {
  it('is the true one or its neighbour where nothing is noisy', () => {
    const hits = inDistricts().filter((candidate) => {
      const [first = -1] = order(shownOf(candidate, 3));
      const [found, truth] = [matrix.candidates[first], matrix.candidates[candidate]];
      expect(distanceM(found?.location ?? undefined, truth?.location ?? undefined), truth?.id).toBeLessThan(
        longestPipeM,
      );
      return first === candidate;
    });
    expect(hits.length / inDistricts().length).toBeGreaterThan(0.9);
  });

  it('is ranked the better the less noise there is', () => {
    const meanRank = (noise: number) => {
      const ranks = inDistricts().map((candidate) => order(shownOf(candidate, 2, noise)).indexOf(candidate));
      return ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length;
    };
    const [none = 0, some = 0, much = 0] = [0, 5, 40].map(meanRank);
    expect(none).toBeLessThan(0.5);
    expect(some).toBeGreaterThan(none);
    expect(much).toBeGreaterThan(some);
  });

  it('is in the district whose meter tells of it, from a leak on that demand does not hide', () => {
    for (const leak of [2, 3, 4]) {
      for (const candidate of inDistricts().filter((index) => index % 4 === 0)) {
        const [first = -1] = order(shownOf(candidate, leak));
        expect(matrix.candidates[first]?.asset).toBe(matrix.candidates[candidate]?.asset);
      }
    }
  });

  it('is found without a gauge that is missing as if the matrix had never had it', () => {
    const missing = matrix.sensors.findIndex(({ role, asset }) => asset === 'dma-2' && role === 'pressure-2');
    const candidate = matrix.candidates.findIndex(({ id }) => id === 'dma-2-33');
    const { before, after, noise } = shownOf(candidate, 3);
    const without = (row: Float64Array) => row.filter((_, index) => index % matrix.sensors.length !== missing);
    const smaller = {
      ...matrix,
      sensors: matrix.sensors.filter((_, sensor) => sensor !== missing),
      ...packChanges(without(Float64Array.from(unpackChanges(matrix))), matrix.sensors.length - 1),
    };
    const expected = locate(new Signatures(smaller), {
      ...{ before: without(before), after: without(after), noise: without(noise) },
    });
    after[missing] = Number.NaN;
    const found = locate(signatures, { before, after, noise });
    expect(found[0]?.id).toBe(expected[0]?.id);
    expect(found[0]?.probability).toBeCloseTo(expected[0]?.probability ?? 0, 1);
  });

  it('does not depend on the order in which candidates come, though what flows rule out is not looked at further', () => {
    const { candidates, sensors, loads, leaksLs } = matrix;
    const changes = Float64Array.from(unpackChanges(matrix));
    const rows = loads.length * leaksLs.length;
    const backward = new Float64Array(changes.length);
    for (let row = 0; row < rows; row++) {
      for (let candidate = 0; candidate < candidates.length; candidate++) {
        const from = (row * candidates.length + candidate) * sensors.length;
        const to = (row * candidates.length + candidates.length - 1 - candidate) * sensors.length;
        backward.set(changes.subarray(from, from + sensors.length), to);
      }
    }
    const turned = new Signatures({
      ...matrix,
      candidates: candidates.toReversed(),
      ...packChanges(backward, sensors.length),
    });
    for (const candidate of [0, 20, 45, 70, 91]) {
      const shown = shownOf(candidate, 3, 2, candidate);
      const told = (places: ReturnType<typeof locate>) =>
        new Map(places.map(({ id, probability }) => [id, probability]));
      expect(told(locate(turned, shown))).toEqual(told(locate(signatures, shown)));
    }
  });

  it('is found by one pressure in each district too, for what all answer in common is not held against any of them', () => {
    const few = (row: Float64Array) =>
      row.map((value, sensor) => {
        const { quantity, role } = matrix.sensors[sensor] as (typeof matrix.sensors)[number];
        return quantity === 'flow' || role === 'pressure-critical' ? value : Number.NaN;
      });
    /** The trunk sags by as much again as the burst lets its districts sag on the mean. */
    const shown = (candidate: number): Shown => {
      const { before, after, noise } = shownOf(candidate, 3);
      const pressures = [...matrix.sensors.keys()].filter(
        (sensor) => matrix.sensors[sensor]?.role === 'pressure-critical',
      );
      const change = pressures.reduce((sum, sensor) => sum + (after[sensor] ?? 0) - (before[sensor] ?? 0), 0);
      for (const sensor of pressures) after[sensor] = (after[sensor] ?? 0) + (0.3 * change) / pressures.length;
      return { before, after: few(after), noise };
    };
    const hits = inDistricts().filter((candidate) => order(shown(candidate)).slice(0, 3).includes(candidate));
    expect(hits.length / inDistricts().length).toBeGreaterThan(0.8);
  });

  it('says how far one has to look, and how far the others are', () => {
    const candidate = matrix.candidates.findIndex(({ id }) => id === 'dma-3-03');
    const places = locate(signatures, shownOf(candidate, 1, 8));
    expect(places.length).toBeGreaterThan(1);
    expect(places[0]).toMatchObject({ distanceM: 0, location: [expect.any(Number), expect.any(Number)] });
    expect(places[1]?.distanceM).toBeGreaterThan(100);
    expect(places[0]?.withinM).toBeGreaterThanOrEqual(100);
    expect(places.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1.001);
  });

  it('is known by pipe lengths alone where nothing has changed at any gauge that is there', () => {
    const nothing = shownOf(0, 0);
    nothing.after.fill(Number.NaN);
    const places = locate(signatures, nothing);
    const longest = matrix.candidates.toSorted((a, b) => b.lengthM - a.lengthM)[0];
    expect(places[0]?.id).toBe(longest?.id);
    expect(places[0]?.probability).toBeLessThan(0.1);
  });
});

describe('belief', () => {
  const candidates = ['a', 'b', 'c'].map((id, index) => ({
    ...{ id, location: [126.65 + index / 1000, 45.75] as [number, number], lengthM: 100, asset: null },
  }));

  it('follows Bayes: two observations count as their product, in any order', () => {
    const [one, two] = [Float64Array.of(-1, -2, -3), Float64Array.of(-5, -1, -1)];
    const there = updated(updated(prior(candidates), one), two);
    const back = updated(updated(prior(candidates), two), one);
    const weights = [-6, -3, -4].map((exponent) => Math.exp(exponent));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [index, weight] of weights.entries()) {
      expect(there[index]).toBeCloseTo(weight / total, 12);
      expect(back[index]).toBeCloseTo(weight / total, 12);
    }
  });

  it('holds nine tenths within the radius it tells', () => {
    const [first] = ranked(candidates, Float64Array.of(0.85, 0.1, 0.05));
    expect(first).toMatchObject({ id: 'a', probability: 0.85 });
    expect(first?.withinM).toBeGreaterThan(70);
    expect(first?.withinM).toBeLessThan(85);
  });
});

describe('a matrix', () => {
  it('comes back from its file within half a unit of the resolution of each sensor', () => {
    const changes = Float64Array.of(0.01, -3115, 42.42, 0, -0.5, 1);
    const packed = packChanges(changes, 2);
    const small = { ...matrix, ...packed, loads: [1], leaksLs: [1], candidates: matrix.candidates.slice(0, 3) };
    const back = unpackChanges({ ...small, sensors: matrix.sensors.slice(0, 2) });
    for (const [index, change] of changes.entries()) {
      const half = (packed.resolutions[index % 2] ?? 0) / 2;
      expect(Math.abs((back[index] ?? 0) - change)).toBeLessThanOrEqual(half * 1.001);
    }
    expect(packed.resolutions[0]).toBeLessThan(0.01);
  });

  it('that has not as many changes as its axes ask for is refused', () => {
    expect(() => new Signatures({ ...matrix, loads: [1] })).toThrow(/where its axes ask for/);
  });
});
