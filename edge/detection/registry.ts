import { circumstanceFactory } from './circumstance.ts';
import { counterFactory } from './counter.ts';
import { dataQualityFactory } from './data-quality.ts';
import type { DetectorFactory } from './detector.ts';
import { districtBurstFactory } from './district-burst.ts';
import { gasBalanceFactory } from './gas-balance/detector.ts';
import { instrumentFactory } from './instrument/detector.ts';
import { jumpFactory } from './jump.ts';
import { limitFactory } from './limit-detector.ts';
import { nightFlowFactory } from './night-flow/detector.ts';
import { residualFactory } from './residual/detector.ts';
import { safetyBlindFactory } from './safety-blind.ts';

/**
 * All detectors by the name packs call them. `instrument` comes first: what it distrusts in a scan, the others already
 * mask in that scan. It watches all tags, `limit` wherever a pack has limits, and `safety-blind` what safety rests on:
 * they need no entry in a pack.
 */
export const detectorFactories: Readonly<Record<string, DetectorFactory>> = {
  instrument: instrumentFactory,
  'data-quality': dataQualityFactory,
  limit: limitFactory,
  'safety-blind': safetyBlindFactory,
  counter: counterFactory,
  circumstance: circumstanceFactory,
  'district-burst': districtBurstFactory,
  'gas-balance': gasBalanceFactory,
  jump: jumpFactory,
  residual: residualFactory,
  'night-flow': nightFlowFactory,
};

/** What learned models are called among the detectors; they stand beside the registry, for the models folder asks for them. */
export const learnedDetector = 'learned-model';
export const learnedRung = 4;

/** Whether the limits of a detector follow the alarm budget and people's verdicts. */
export const followsTolerance = (detector: string): boolean =>
  detector === learnedDetector || detectorFactories[detector]?.statistical === true;
