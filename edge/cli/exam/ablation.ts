import type { Ablation, Without } from '../../../simulator/exam/ablation.ts';
import type { UtilityScore } from '../../../simulator/exam/score.ts';
import type { LoadedGateway } from '../../config/load.ts';
import { packAssetOf } from '../../core/pack.ts';
import { detectorFactories, learnedDetector } from '../../detection/registry.ts';
import { inColumns } from '../reporting.ts';
import { figure } from './report.ts';

/** Every detector that can be left out. */
export const removableDetectors: readonly string[] = [...Object.keys(detectorFactories), learnedDetector];

/**
 * The detectors of a gateway that watch something: those that its packs want on some asset, those that need no pack, and
 * learned models where it has any.
 */
export function watchingDetectors({ assets, packs }: LoadedGateway, hasModels: boolean): readonly string[] {
  const wanted = assets.flatMap(({ type }) => packAssetOf(packs, type)?.detectors ?? []);
  const names = new Set(['instrument', 'limit', ...wanted.map(({ detector }) => detector)]);
  if (hasModels) names.add(learnedDetector);
  return removableDetectors.filter((name) => names.has(name));
}

/** What is compared, with its heading. */
const compared = {
  detected: 'detected',
  recall: 'recall',
  precision: 'precision',
  falsePerAssetWeek: 'false per asset-week',
  rightCause: 'right cause',
  alarmsPerHappening: 'alarms each',
} as const satisfies { readonly [Figure in keyof UtilityScore]?: string };
const figures = Object.keys(compared) as (keyof typeof compared)[];

/** A detector's line of the JSON: the score without it. */
export const withoutJson = ({ detector, hash, score, lost, gained }: Without) => ({
  ...{ without: detector, hash, lost, gained },
  ...{ overall: score.overall, utilities: score.utilities },
});

/** A line for each detector: each figure without it, and in brackets what it changes when it is there. */
export function ablationTable({ complete, without }: Ablation): string[] {
  const { overall } = complete.score;
  const rows = without.map(({ detector, score, lost, gained }) => [
    `without ${detector}`,
    ...figures.map((name) => `${figure(score.overall[name])}${change(overall[name], score.overall[name])}`),
    `${lost.length}`,
    `${gained.length}`,
  ]);
  return inColumns([
    ['', ...figures.map((name) => compared[name]), 'lost', 'gained'],
    ['complete', ...figures.map((name) => figure(overall[name])), '', ''],
    ...rows,
  ]);
}

function change(complete: number | null, without: number | null): string {
  if (complete === null || without === null || complete === without) return '';
  const difference = Number((complete - without).toPrecision(2));
  return ` (${difference > 0 ? '+' : '−'}${Math.abs(difference)})`;
}
