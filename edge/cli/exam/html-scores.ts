import { utilityName } from '../../../simulator/city/utility-names.ts';
import type { Exam } from '../../../simulator/exam/exam.ts';
import type { Verdict } from '../../../simulator/exam/requirement.ts';
import type { KindScore, Understanding, UtilityScore } from '../../../simulator/exam/score.ts';
import type { Text } from '../../core/text.ts';
import { both, duration, figure, heading, percent, table } from './html-words.ts';
import { escapeMarkup } from './markup.ts';

/** What one looks for first. */
export function tiles({ score: { overall } }: Exam): string {
  const { detected, observable, happenings, recall, recallOfAll, precision, falseAlarms, falsePerAssetWeek } = overall;
  const { timeToDetectS, rightAsset, rightCause, rightSeverity, oneIncident, mostRows, joinedIncidents } = overall;
  return [
    '<dl class="tiles">',
    tile({ zh: '召回率', en: 'Recall' }, percent(recall), {
      zh: `可观测的 ${observable} 起中检出 ${detected} 起；全部 ${happenings} 起中 ${percent(recallOfAll)}`,
      en: `${detected} of ${observable} that a sensor can show; ${percent(recallOfAll)} of all ${happenings}`,
    }),
    tile({ zh: '检出用时', en: 'Time to detect' }, duration(timeToDetectS.median), {
      zh: `中位数；95% 在 ${duration(timeToDetectS.p95)} 内`,
      en: `median; 95 % within ${duration(timeToDetectS.p95)}`,
    }),
    tile({ zh: '误报', en: 'False alarms' }, String(falseAlarms), {
      zh: `每资产每周 ${figure(falsePerAssetWeek)}；精确率 ${percent(precision)}`,
      en: `${figure(falsePerAssetWeek)} per asset-week; precision ${percent(precision)}`,
    }),
    tile({ zh: '资产正确', en: 'Right asset' }, percent(rightAsset), {
      zh: `原因 ${percent(rightCause)}，等级 ${percent(rightSeverity)}`,
      en: `cause ${percent(rightCause)}, severity ${percent(rightSeverity)}`,
    }),
    tile({ zh: '归为一单', en: 'One incident' }, percent(oneIncident), {
      zh: `一起事件 10 分钟内最多 ${figure(mostRows)} 行；混入他事的事件单 ${percent(joinedIncidents)}`,
      en: `at most ${figure(mostRows)} rows of one within 10 min; ${percent(joinedIncidents)} of incidents hold another's alarms`,
    }),
    '</dl>',
  ].join('');
}

const tile = (name: Text, value: string, more: Text): string =>
  `<div><dt>${both(name)}</dt><dd><b>${value}</b><small>${both(more)}</small></dd></div>`;

export function requirements(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return '';
  const lines = verdicts.map(({ requirement, value, met }) => {
    const verdict = both(met ? { zh: '✓ 满足', en: '✓ met' } : { zh: '✗ 未满足', en: '✗ not met' });
    return [escapeMarkup(requirement.text), figure(value), met ? verdict : `<b class="unmet">${verdict}</b>`];
  });
  const columns: Text[] = [
    { zh: '要求', en: 'Requirement' },
    { zh: '实测', en: 'Measured' },
    { zh: '结论', en: 'Verdict' },
  ];
  return `${heading({ zh: '要求', en: 'Requirements' })}${table(columns, lines)}`;
}

const understood: readonly Text[] = [
  { zh: '检出用时', en: 'Time to detect' },
  { zh: '95% 内', en: '95 % within' },
  { zh: '资产正确', en: 'Right asset' },
  { zh: '原因正确', en: 'Right cause' },
  { zh: '等级正确', en: 'Right severity' },
  { zh: '定位误差', en: 'Off by' },
  { zh: '归为一单', en: 'One incident' },
  { zh: '事件单/事件', en: 'Incidents each' },
  { zh: '混入他事', en: 'Joined' },
  { zh: '报警/事件', en: 'Alarms each' },
  { zh: '10 分钟内最多行', en: 'Most rows in 10 min' },
];
const counted: readonly Text[] = [
  { zh: '事件', en: 'Happened' },
  { zh: '可观测', en: 'Observable' },
  { zh: '检出', en: 'Detected' },
  { zh: '召回率', en: 'Recall' },
  { zh: '全部召回率', en: 'Recall of all' },
];

const understanding = (one: Understanding): string[] => [
  ...[duration(one.timeToDetectS.median), duration(one.timeToDetectS.p95), percent(one.rightAsset)],
  ...[percent(one.rightCause), percent(one.rightSeverity)],
  ...[one.localisationM.median === null ? '–' : `${figure(one.localisationM.median)} m`],
  percent(one.oneIncident),
  figure(one.incidentsPerHappening),
  percent(one.joinedIncidents),
  figure(one.alarmsPerHappening),
  figure(one.mostRows),
];
const counts = (one: UtilityScore | KindScore): string[] => [
  ...[String(one.happenings), String(one.observable), String(one.detected)],
  ...[percent(one.recall), percent(one.recallOfAll)],
];

/** The score by utility, and folded below it by kind. */
export function scoreTables({ score }: Exam): string {
  const line = (name: string, one: UtilityScore) => [
    ...[name, ...counts(one), percent(one.precision), String(one.falseAlarms), figure(one.falsePerAssetWeek)],
    ...understanding(one),
  ];
  const columns: Text[] = [
    { zh: '行业', en: 'Utility' },
    ...counted,
    { zh: '精确率', en: 'Precision' },
    { zh: '误报', en: 'False alarms' },
    { zh: '每资产每周', en: 'per asset-week' },
    ...understood,
  ];
  const utilities = Object.entries(score.utilities)
    .filter(([, { assets, happenings, falseAlarms }]) => assets + happenings + falseAlarms > 0)
    .map(([utility, one]) => line(both(utilityName(utility)), one));
  const overall = line(both({ zh: '合计', en: 'Overall' }), score.overall);
  const kinds = score.byKind.map((one) => [
    ...[`<code>${escapeMarkup(one.kind)}</code>`, ...counts(one), String(one.falseAlarms)],
    ...understanding(one),
  ]);
  const kindColumns = [{ zh: '类型', en: 'Kind' }, ...counted, { zh: '误报', en: 'False alarms' }, ...understood];
  return [
    heading({ zh: '分行业', en: 'By utility' }),
    table(columns, utilities, overall),
    `<details class="kinds"><summary>${both({ zh: '分类型', en: 'By kind' })}</summary>`,
    `${table(kindColumns, kinds)}</details>`,
  ].join('');
}
