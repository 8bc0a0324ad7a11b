import { dataQualityFactory } from './data-quality.ts';
import type { DetectorFactory } from './detector.ts';
import { districtBurstFactory } from './district-burst.ts';
import { limitFactory } from './limit-detector.ts';
import { residualFactory } from './residual/detector.ts';

/**
 * All detectors by the name packs call them. `data-quality` comes first: what it distrusts in a scan, the others
 * already mask in that scan. `limit` needs no entry in a pack: it is attached wherever a pack has limits.
 */
export const detectorFactories: Readonly<Record<string, DetectorFactory>> = {
  'data-quality': dataQualityFactory,
  limit: limitFactory,
  'district-burst': districtBurstFactory,
  residual: residualFactory,
};
