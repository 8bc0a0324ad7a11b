import { isGood, qualityName } from '../core/quality.ts';
import {
  type BudgetStatus,
  type Distrusted,
  type ExpectedCourse,
  leastHistory,
  type WatchReport,
} from '../core/watch.ts';
import type { Detector, DetectorContext } from './detector.ts';
import { detectorFactories, learnedRung } from './registry.ts';

/** Where every claim about every asset stands, and what is masked. */
export const reportOf = (
  detectors: ReadonlyMap<string, Detector>,
  context: DetectorContext,
  budget: BudgetStatus,
): WatchReport => ({
  watches: [...detectors].flatMap(([name, detector]) => {
    const { rung = learnedRung, historyDays = leastHistory.minutesDays } = detectorFactories[name] ?? {};
    return detector.watches().map((watch) => ({
      ...{ ...watch, detector: name, rung },
      ...(watch.reason === 'calibration' ? { historyDays } : {}),
    }));
  }),
  distrusted: distrustedOf(context),
  outOfModel: context.outOfModel.status(),
  calibration: context.calibration?.made,
  budget,
});

/** Signals of assets that patterns are not sought in. */
function distrustedOf({ assets, tags, trust }: DetectorContext): readonly Distrusted[] {
  return assets.flatMap(({ id: asset, roles }) =>
    Object.entries(roles).flatMap(([role, tag]) => {
      const reason = trust.reason(tag);
      return isGood(reason) ? [] : [{ asset, role, tag: tags.at(tag).name, reason: qualityName(reason) }];
    }),
  );
}

/** How what a claim rests on is reckoned from history, by the first detector that can tell. */
export function courseOf(
  detectors: ReadonlyMap<string, Detector>,
  asset: string,
  kind: string,
): ExpectedCourse | undefined {
  for (const detector of detectors.values()) {
    const found = detector.course?.(asset, kind);
    if (found) return found;
  }
  return undefined;
}
