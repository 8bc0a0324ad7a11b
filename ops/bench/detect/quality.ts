import { defaultBudget, scoreOf, surpriseOf } from '../../../edge/detection/fusion/alarm-score.ts';
import { median } from '../../../edge/detection/order-statistics.ts';
import { evaluate } from '../../../edge/evaluate/evaluate.ts';
import type { BenchRow } from '../row.ts';
import { calendarPlants } from './calendar-plants.ts';
import { type Case, makeCase } from './case.ts';
import { controlledPlants } from './controlled-plants.ts';
import { fleetPlants } from './fleet-plants.ts';
import { type Figures, figuresOf } from './judging.ts';
import type { CaseShape, Plant } from './plant.ts';
import { dynamicComponents } from './reference-detectors.ts';
import { rigPlants } from './rig-plants.ts';
import { signalPlants } from './signal-plants.ts';
import { switchedPlants } from './switched-plants.ts';
import { unevenPlants } from './uneven-plants.ts';

const SEEDS = Array.from({ length: 10 }, (_, at) => at + 1);
const plants: readonly Plant[] = [
  ...controlledPlants,
  ...switchedPlants,
  ...unevenPlants,
  ...rigPlants,
  ...calendarPlants,
  ...fleetPlants,
  ...signalPlants,
];
/** Short faults, and such that outlast what a baseline might learn. */
const shapes: readonly CaseShape[] = [
  { trained: 3000, rows: 12_000, faults: 6, length: [30, 400] },
  { trained: 3000, rows: 12_000, faults: 2, length: [1000, 2000] },
];

/** Scores of all rows, and from which on a normal row is one of those that the chance promises. */
type Detector = (made: Case) => { readonly scores: Float64Array; readonly limit: (chance: number) => number };

const ours: Detector = ({ table, trained }) => ({
  scores: evaluate(table, { train: [0, trained], roles: new Map() }).verdicts.scores,
  limit: (chance) => scoreOf(surpriseOf(chance, defaultBudget)),
});
const peerName = 'dynamic PCA, 2 lags';
const theirs: Detector = ({ table, trained }) => ({
  scores: dynamicComponents(table, trained),
  limit: (chance) => -Math.log(chance),
});

/** What a detector makes of a run with faults, and of the same run without. */
interface Judged extends Figures {
  /** Share of unseen, wholly normal rows beyond the limit, over the chance that it stands for. */
  readonly realisedPercent: number;
  readonly realisedBudget: number;
}

const shown: readonly (readonly [key: keyof Judged, name: string, better: BenchRow['better']])[] = [
  ['vusPr', 'VUS-PR', 'higher'],
  ['recall', 'faults found', 'higher'],
  ['rowF1', 'F1 of rows', 'higher'],
  ['falseShare', 'normal rows alarmed', 'lower'],
  ['missedShare', 'faulty rows missed', 'lower'],
  ['falsePer1000', 'false episodes / 1,000 normal rows', 'lower'],
  ['lasting', 'second halves of faults alarmed', 'higher'],
  ['realisedPercent', 'false alarms at 1 %, realised / nominal', 'lower'],
  ['realisedBudget', 'false alarms at 0.1 %, realised / nominal', 'lower'],
];

/** How the run of a plant from a seed is cut: its shapes in turn. */
const shapeOf = (plant: Plant, seed: number): CaseShape => {
  const among = plant.shapes ?? shapes;
  return among[seed % among.length] as CaseShape;
};

/**
 * `lifeline detect` on made-up processes of many kinds, each over ten seeds, beside dynamic PCA: medians of each plant, and
 * the means of these. About forty minutes.
 * @param tell told which plant comes next
 */
export function benchDetectQuality(tell: (line: string) => void): BenchRow[] {
  const rows: BenchRow[] = [];
  const own: Judged[] = [];
  const peers: Judged[] = [];
  for (const [at, plant] of plants.entries()) {
    tell(`plant ${at + 1} of ${plants.length}: ${plant.name}`);
    own.push(middleOf(SEEDS.map((seed) => judged(plant, seed, ours))));
    peers.push(middleOf(SEEDS.map((seed) => judged(plant, seed, theirs))));
    rows.push(...rowsOf(plant.name, own.at(-1) as Judged, peers.at(-1) as Judged));
  }
  return [...rows, ...rowsOf('mean of all plants', meanOf(own), meanOf(peers))];
}

function judged(plant: Plant, seed: number, detector: Detector): Judged {
  const shape = shapeOf(plant, seed);
  const made = makeCase(plant, seed, shape);
  const { scores, limit } = detector(made);
  const quiet = detector(makeCase(plant, seed, { ...shape, faults: 0 }));
  const unseen = quiet.scores.subarray(shape.trained);
  const realised = (chance: number) =>
    unseen.filter((score) => score >= quiet.limit(chance)).length / unseen.length / chance;
  return {
    ...figuresOf(made, scores, limit(defaultBudget)),
    ...{ realisedPercent: realised(0.01), realisedBudget: realised(defaultBudget) },
  };
}

const meanIn = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Medians; of what is realised the mean, as a run of few rows seldom has just one in a thousand. */
const middleOf = (figures: readonly Judged[]): Judged =>
  merged(figures, (key, values) => (key.startsWith('realised') ? meanIn(values) : median(values)));
/** Means; of what is realised the median, as a plant that leaves training is far from it. */
const meanOf = (figures: readonly Judged[]): Judged =>
  merged(figures, (key, values) => (key.startsWith('realised') ? median(values) : meanIn(values)));

function merged(figures: readonly Judged[], merge: (key: keyof Judged, values: Float64Array) => number): Judged {
  const out: Record<keyof Judged, number> = { ...(figures[0] as Judged) };
  for (const key of Object.keys(out) as (keyof Judged)[])
    out[key] = merge(
      key,
      Float64Array.from(figures, (figure) => figure[key]),
    );
  return out;
}

const rowsOf = (plant: string, own: Judged, peers: Judged): BenchRow[] =>
  shown.map(([key, what, better]) => ({
    ...{ name: `${plant}: ${what}`, value: own[key], unit: '', better, target: '', ok: null },
    ...{ peer: { name: peerName, value: peers[key] }, ratio: own[key] / peers[key] },
  }));
