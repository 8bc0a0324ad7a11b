import { evaluate } from '../../../edge/evaluate/evaluate.ts';
import type { BenchRow } from '../row.ts';
import { calendarPlants } from './calendar-plants.ts';
import { type Case, makeCase } from './case.ts';
import { controlledPlants } from './controlled-plants.ts';
import { fleetPlants } from './fleet-plants.ts';
import { type Figures, figuresOf } from './judging.ts';
import type { CaseShape, Plant } from './plant.ts';
import { dynamicComponents, largestResidual } from './reference-detectors.ts';
import { rigPlants } from './rig-plants.ts';
import { switchedPlants } from './switched-plants.ts';
import { unevenPlants } from './uneven-plants.ts';

const SEEDS = [1, 2];
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
/** −log of the default alarm budget. */
const BUDGET = -Math.log(0.001);

type Detector = (made: Case) => { readonly scores: Float64Array; readonly threshold: number };

const ours: Detector = ({ table, trained }) => ({
  scores: evaluate(table, { train: [0, trained], roles: new Map() }).verdicts.scores,
  threshold: 0.5,
});
const peers: Readonly<Record<string, Detector>> = {
  'dynamic PCA, 2 lags': ({ table, trained }) => ({ scores: dynamicComponents(table, trained), threshold: BUDGET }),
  'largest residual': ({ table, trained }) => ({ scores: largestResidual(table, trained), threshold: BUDGET }),
};

const shown: readonly (readonly [key: keyof Figures, name: string, better: BenchRow['better']])[] = [
  ['vusPr', 'VUS-PR', 'higher'],
  ['recallAtPercent', 'event recall, alarm on 1 % of normal rows', 'higher'],
  ['recall', 'event recall at its own threshold', 'higher'],
  ['falsePer1000', 'false episodes per 1,000 normal rows', 'lower'],
  ['falseShare', 'share of normal rows with an alarm, 0.001 promised', 'lower'],
  ['rowF1', 'F1 of alarm rows', 'higher'],
  ['lasting', 'alarm on second halves of faults', 'higher'],
];

/** `lifeline detect` on made-up processes of many kinds, beside what the literature calls strong, averaged over all. */
export function benchDetectQuality(): BenchRow[] {
  const cases = plants.flatMap((plant) =>
    SEEDS.flatMap((seed) => (plant.shapes ?? shapes).map((shape, at) => makeCase(plant, seed * 10 + at, shape))),
  );
  const own = averageOf(cases, ours);
  return Object.entries(peers).flatMap(([name, detector]) => {
    const theirs = averageOf(cases, detector);
    return shown.map(([key, what, better]): BenchRow => {
      const peer = { name, value: theirs[key] };
      return {
        name: what,
        value: own[key],
        unit: '',
        better,
        peer,
        ratio: own[key] / theirs[key],
        target: '',
        ok: null,
      };
    });
  });
}

function averageOf(cases: readonly Case[], detector: Detector): Figures {
  const figures = cases.map((made) => {
    const { scores, threshold } = detector(made);
    return figuresOf(made, scores, threshold);
  });
  const sums: Record<keyof Figures, number> = { ...(figures[0] as Figures) };
  for (const key of Object.keys(sums) as (keyof Figures)[])
    sums[key] = figures.reduce((sum, figure) => sum + figure[key], 0) / figures.length;
  return sums;
}
