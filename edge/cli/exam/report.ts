import type { Exam } from '../../../simulator/exam/exam.ts';
import type { RaisedAlarm } from '../../../simulator/exam/grading.ts';
import { handlingOf } from '../../../simulator/exam/handling.ts';
import type { Verdict } from '../../../simulator/exam/requirement.ts';
import type { UtilityScore } from '../../../simulator/exam/score.ts';
import { inColumns } from '../reporting.ts';

/** How long the whole exam took, how much of that the calibration before it, and the most memory that it ever held. */
export interface Pace {
  readonly wallS: number;
  readonly calibrationS: number;
  readonly maxMemoryMb: number;
}

/** An alarm in a line of the JSON: the happening is the decoy that a false one answers, where one does. */
const inShort = ({ asset, kind, raisedMs, incident, root, happening }: RaisedAlarm) => ({
  ...{ asset, kind, raisedAt: new Date(raisedMs).toISOString(), incident, root, happening: happening ?? null },
});

/** The score as the contract has it, with what became of each happening and what was required. */
export function examJson(
  { suite, seed, hash, hours, score, grading, sitting }: Exam,
  verdicts: readonly Verdict[],
  { wallS, calibrationS, maxMemoryMb }: Pace,
) {
  return {
    ...{ suite: suite.name, seed, hash, simulatedHours: hours },
    wallS: Number(wallS.toFixed(1)),
    calibrationS: Number(calibrationS.toFixed(1)),
    realTimeFactor: Math.round((hours * 3600) / wallS),
    maxMemoryMb: Math.round(maxMemoryMb),
    ...score,
    handling: handlingOf(sitting.events),
    happenings: grading.happenings.map(({ truth: { happening, decoy }, observable, detectedAfterS, alarms }) => ({
      ...{ id: happening.id, kind: happening.kind, target: happening.target, decoy, observable },
      startedAt: new Date(happening.startMs).toISOString(),
      detectedAfterS: detectedAfterS ?? null,
      alarms: alarms.map(inShort),
    })),
    falseAlarms: grading.falseAlarms.map(inShort),
    outOfModel: sometimesOutside(sitting.outOfModel),
    requirements: verdicts.map(({ requirement, value, met }) => ({ requirement: requirement.text, value, met })),
  };
}

/** Assets that were out of model for a time, and what went beyond its training. */
const sometimesOutside = (outOfModel: Exam['sitting']['outOfModel']) =>
  Object.fromEntries(Object.entries(outOfModel).filter(([, { outside }]) => outside > 0));

const headings = [
  ...['', 'happened', 'observable', 'detected', 'recall', 'of all', 'precision', 'false', 'per asset-week'],
  ...[
    'to detect s',
    'p95',
    'right asset',
    'right cause',
    'severity',
    'one incident',
    'incidents each',
    'joined',
    'alarms each',
    'most rows',
  ],
];

/** The score as a table, a line per utility. */
export function summary({ suite, seed, hash, hours, score }: Exam, wallS: number): string[] {
  const rows = [...Object.entries(score.utilities), ['overall', score.overall] as const].map(rowOf);
  const pace = `${wallS.toFixed(1)} s, ${Math.round((hours * 3600) / wallS)} × real time`;
  return [
    `${suite.title.en}, seed ${seed}: ${hours.toFixed(1)} h in ${pace}`,
    ...inColumns([headings, ...rows], [...headings.keys()].slice(1)),
    `out of model ${percent(score.overall.outOfModelShare)} of the time that residuals could judge`,
    `hash ${hash}`,
  ];
}

const percent = (share: number | null): string => (share === null ? '–' : `${Number((100 * share).toPrecision(2))} %`);

/** Three digits; a dash for what was not measured. */
export const figure = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(3))));

function rowOf([name, one]: readonly [string, UtilityScore]): string[] {
  const { happenings, observable, detected, recall, recallOfAll, precision, falseAlarms, falsePerAssetWeek } = one;
  const { timeToDetectS, rightAsset, rightCause, rightSeverity, alarmsPerHappening, mostRows } = one;
  return [
    ...[name, String(happenings), String(observable), String(detected), figure(recall), figure(recallOfAll)],
    ...[figure(precision), String(falseAlarms), figure(falsePerAssetWeek), figure(timeToDetectS.median)],
    ...[
      figure(timeToDetectS.p95),
      figure(rightAsset),
      figure(rightCause),
      figure(rightSeverity),
      figure(one.oneIncident),
      figure(one.incidentsPerHappening),
      figure(one.joinedIncidents),
      figure(alarmsPerHappening),
      figure(mostRows),
    ],
  ];
}
