import type { LoadedGateway } from '../../edge/config/load.ts';
import { type Exam, type ExamOptions, runExam } from './exam.ts';
import type { Grading } from './grading.ts';
import type { Score } from './score.ts';

/** What the same exam comes to without one detector. */
export interface Without {
  readonly detector: string;
  readonly hash: string;
  readonly score: Score;
  /** Ids of happenings that only the complete gateway detects, and of those that only this one does. */
  readonly lost: readonly string[];
  readonly gained: readonly string[];
}

/** An exam, and what each detector contributes to it. */
export interface Ablation {
  readonly complete: Exam;
  readonly without: readonly Without[];
}

export interface AblationOptions extends Omit<ExamOptions, 'dataDir' | 'without' | 'observable'> {
  /** Gives each sitting an empty folder for the gateway's state. */
  readonly folderOf: (sitting: string) => string;
  /** Those of the gateway that are left out, one at a time. */
  readonly detectorsOf: (gateway: LoadedGateway) => readonly string[];
  /** A sitting begins, of so many; without this detector, or complete. */
  readonly onSitting?: (detector: string | undefined, at: number, of: number) => void;
}

/**
 * The same city, seed and gateway, calibration and all, once complete and once more without each detector: what a detector
 * adds is what is missing without it. What two detectors find alike is missing without neither. Ends early when it is
 * broken off.
 */
export async function ablate(options: AblationOptions): Promise<Ablation> {
  const { folderOf, onSitting = () => undefined, signal } = options;
  let examined: Promise<LoadedGateway> | undefined;
  const gatewayOf: ExamOptions['gatewayOf'] = (city) => {
    examined ??= options.gatewayOf(city);
    return examined;
  };
  onSitting(undefined, 0, 1);
  const complete = await runExam({ ...options, gatewayOf, dataDir: folderOf('complete') });
  const { happenings } = complete.grading;
  const observable = new Set(happenings.flatMap((graded) => (graded.observable ? [graded.truth.happening.id] : [])));
  const gateway = await examined;
  const detectors = gateway ? options.detectorsOf(gateway) : [];
  const without: Without[] = [];
  for (const [at, detector] of detectors.entries()) {
    if (signal?.aborted) break;
    onSitting(detector, at + 1, detectors.length + 1);
    const one = { ...options, gatewayOf, observable, without: new Set([detector]), dataDir: folderOf(detector) };
    const { hash, score, grading } = await runExam(one);
    if (signal?.aborted) break;
    without.push({ detector, hash, score, ...differenceOf(complete.grading, grading) });
  }
  return { complete, without };
}

function differenceOf(complete: Grading, without: Grading): Pick<Without, 'lost' | 'gained'> {
  const [before, after] = [detectedIn(complete), detectedIn(without)];
  return { lost: before.filter((id) => !after.includes(id)), gained: after.filter((id) => !before.includes(id)) };
}

const detectedIn = ({ happenings }: Grading): readonly string[] =>
  happenings.flatMap(({ truth, detectedAfterS }) =>
    truth.decoy || detectedAfterS === undefined ? [] : [truth.happening.id],
  );
