import { defaultBudget } from '../../../edge/detection/fusion/alarm-score.ts';
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
];
/** Short faults, and such that outlast what a baseline might learn. */
const shapes: readonly CaseShape[] = [
  { trained: 3000, rows: 12_000, faults: 6, length: [30, 400] },
  { trained: 3000, rows: 12_000, faults: 2, length: [1000, 2000] },
];

type Detector = (made: Case) => { readonly scores: Float64Array; readonly threshold: number };

const ours: Detector = ({ table, trained }) => ({
  scores: evaluate(table, { train: [0, trained], roles: new Map() }).verdicts.scores,
  threshold: 0.5,
});
const peerName = 'dynamic PCA, 2 lags';
const theirs: Detector = ({ table, trained }) => ({
  scores: dynamicComponents(table, trained),
  threshold: -Math.log(defaultBudget),
});

const shown: readonly (readonly [key: keyof Figures, name: string, better: BenchRow['better']])[] = [
  ['vusPr', 'VUS-PR', 'higher'],
  ['recall', 'faults found', 'higher'],
  ['rowF1', 'F1 of rows', 'higher'],
  ['falseShare', 'normal rows alarmed', 'lower'],
  ['missedShare', 'faulty rows missed', 'lower'],
  ['falsePer1000', 'false episodes / 1,000 normal rows', 'lower'],
  ['lasting', 'second halves of faults alarmed', 'higher'],
];

/** The run of a plant from a seed, its shape in turn. */
const caseOf = (plant: Plant, seed: number): Case => {
  const among = plant.shapes ?? shapes;
  return makeCase(plant, seed, among[seed % among.length] as CaseShape);
};

/**
 * `lifeline detect` on made-up processes of many kinds, each over ten seeds, beside dynamic PCA: medians of each plant, and
 * the means of these. About twenty minutes.
 * @param tell told which plant comes next
 */
export function benchDetectQuality(tell: (line: string) => void): BenchRow[] {
  const rows: BenchRow[] = [];
  const own: Figures[] = [];
  const peers: Figures[] = [];
  for (const [at, plant] of plants.entries()) {
    tell(`plant ${at + 1} of ${plants.length}: ${plant.name}`);
    const cases = SEEDS.map((seed) => caseOf(plant, seed));
    own.push(middleOf(cases.map((made) => judged(made, ours))));
    peers.push(middleOf(cases.map((made) => judged(made, theirs))));
    rows.push(...rowsOf(plant.name, own.at(-1) as Figures, peers.at(-1) as Figures));
  }
  return [...rows, ...rowsOf('mean of all plants', meanOf(own), meanOf(peers))];
}

function judged(made: Case, detector: Detector): Figures {
  const { scores, threshold } = detector(made);
  return figuresOf(made, scores, threshold);
}

const middleOf = (figures: readonly Figures[]): Figures => merged(figures, median);
const meanOf = (figures: readonly Figures[]): Figures =>
  merged(figures, (values) => values.reduce((sum, value) => sum + value, 0) / values.length);

function merged(figures: readonly Figures[], merge: (values: Float64Array) => number): Figures {
  const out: Record<keyof Figures, number> = { ...(figures[0] as Figures) };
  for (const key of Object.keys(out) as (keyof Figures)[])
    out[key] = merge(Float64Array.from(figures, (figure) => figure[key]));
  return out;
}

const rowsOf = (plant: string, own: Figures, peers: Figures): BenchRow[] =>
  shown.map(([key, what, better]) => ({
    ...{ name: `${plant}: ${what}`, value: own[key], unit: '', better, target: '', ok: null },
    ...{ peer: { name: peerName, value: peers[key] }, ratio: own[key] / peers[key] },
  }));
