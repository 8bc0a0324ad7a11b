import type { Exam } from '../../../simulator/exam/exam.ts';
import type { Graded } from '../../../simulator/exam/grading.ts';
import type { Verdict } from '../../../simulator/exam/requirement.ts';
import type { UtilityScore } from '../../../simulator/exam/score.ts';
import type { Text } from '../../core/text.ts';
import { pageScript, pageStyle } from './html-page.ts';
import { escapeMarkup } from './markup.ts';
import { timelineSvg } from './timeline.ts';

/** The city is in Harbin: Asia/Shanghai, the whole year. */
const offsetMs = 8 * 3_600_000;

/** The report as one page that needs nothing beside itself, in Chinese and English. */
export function examHtml(exam: Exam, verdicts: readonly Verdict[], wallS: number): string {
  const { suite, seed, hours, hash, startMs, grading } = exam;
  const title = `Lifeline · ${suite.title.zh} ${suite.title.en} · ${seed}`;
  return [
    `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title>`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${pageStyle}</style></head><body>`,
    `<header><h1>${both({ zh: `考试：${suite.title.zh}`, en: `Exam: ${suite.title.en}` })}</h1>`,
    '<button type="button">中文 / English</button></header>',
    `<p>${both({
      zh: `种子 ${seed}，城市时间 ${local(startMs)} 起 ${hours.toFixed(1)} h，耗时 ${wallS.toFixed(1)} s`,
      en: `Seed ${seed}, ${hours.toFixed(1)} h from ${local(startMs)} city time, in ${wallS.toFixed(1)} s`,
    })}<br><code>${hash}</code></p>`,
    requirements(verdicts),
    scoreTable(exam),
    heading({ zh: '事件', en: 'What happened' }),
    ...grading.happenings.map((graded) => incident(exam, graded)),
    falseAlarms(exam),
    `<script>${pageScript}</script></body></html>`,
  ].join('\n');
}

const both = ({ zh, en }: Text): string =>
  `<span lang="zh">${escapeMarkup(zh)}</span><span lang="en">${escapeMarkup(en)}</span>`;
const heading = (text: Text): string => `<h2>${both(text)}</h2>`;
const cell = (content: string): string => `<td>${content}</td>`;
const row = (cells: readonly string[]): string => `<tr>${cells.map(cell).join('')}</tr>`;
const head = (cells: readonly Text[]): string =>
  `<thead><tr>${cells.map((text) => `<th>${both(text)}</th>`).join('')}</tr></thead>`;
const local = (timeMs: number): string => new Date(timeMs + offsetMs).toISOString().slice(0, 16).replace('T', ' ');
const figure = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(3))));
const percent = (value: number | null): string => (value === null ? '–' : `${Number((value * 100).toFixed(1))} %`);

function requirements(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return '';
  const lines = verdicts.map(({ requirement, value, met }) => {
    const verdict = both(met ? { zh: '✓ 满足', en: '✓ met' } : { zh: '✗ 未满足', en: '✗ not met' });
    return `<tr class="${met ? 'met' : 'unmet'}">${[escapeMarkup(requirement.text), figure(value), verdict].map(cell).join('')}</tr>`;
  });
  return `${heading({ zh: '要求', en: 'Requirements' })}<table><tbody>${lines.join('')}</tbody></table>`;
}

const columns: readonly Text[] = [
  { zh: '行业', en: 'Utility' },
  { zh: '事件', en: 'Happened' },
  { zh: '可观测', en: 'Observable' },
  { zh: '检出', en: 'Detected' },
  { zh: '召回率', en: 'Recall' },
  { zh: '全部召回率', en: 'Recall of all' },
  { zh: '精确率', en: 'Precision' },
  { zh: '误报', en: 'False alarms' },
  { zh: '误报/资产·周', en: 'False per asset-week' },
  { zh: '检出用时中位数/95% (s)', en: 'Time to detect, median / p95 (s)' },
  { zh: '资产正确', en: 'Right asset' },
  { zh: '原因正确', en: 'Right cause' },
  { zh: '等级正确', en: 'Right severity' },
  { zh: '定位误差 (m)', en: 'Localisation (m)' },
  { zh: '报警/事件', en: 'Alarms each' },
];

function scoreTable({ score }: Exam): string {
  const line = (name: string, one: UtilityScore) =>
    row([
      ...[name, String(one.happenings), String(one.observable), String(one.detected)],
      ...[percent(one.recall), percent(one.recallOfAll), percent(one.precision), String(one.falseAlarms)],
      ...[figure(one.falsePerAssetWeek), `${figure(one.timeToDetectS.median)} / ${figure(one.timeToDetectS.p95)}`],
      ...[
        percent(one.rightAsset),
        percent(one.rightCause),
        percent(one.rightSeverity),
        figure(one.localisationM.median),
      ],
      figure(one.incidentsPerHappening),
    ]);
  const lines = Object.entries(score.utilities).map(([utility, one]) => line(escapeMarkup(utility), one));
  const all = line(both({ zh: '合计', en: 'Overall' }), score.overall);
  return `<div class="wide"><table>${head(columns)}<tbody>${lines.join('')}${all}</tbody></table></div>`;
}

function outcome({ truth: { decoy }, observable, detectedAfterS, alarms }: Graded): string {
  if (decoy && alarms.length === 0) return both({ zh: '干扰项，未误报', en: 'decoy, no alarm' });
  if (decoy) return both({ zh: `干扰项，误报 ${alarms.length} 次`, en: `decoy, ${alarms.length} false alarms` });
  if (detectedAfterS !== undefined) {
    const after = figure(detectedAfterS);
    return both({ zh: `${after} s 后检出`, en: `detected after ${after} s` });
  }
  return both(observable ? { zh: '漏报', en: 'missed' } : { zh: '传感器不可见', en: 'no sensor can show it' });
}

function incident({ sitting }: Exam, graded: Graded): string {
  const { truth, alarms } = graded;
  const { id, kind, startMs, target } = truth.happening;
  const assets = new Set([truth.asset, ...truth.affected]);
  const timeline = timelineSvg({
    ...{ graded, offsetMs, signals: sitting.signals.of(id) },
    findings: sitting.findings.filter(({ asset }) => assets.has(asset)),
  });
  const told = alarms.map(({ message, raisedMs }) => `<li>${local(raisedMs).slice(11)} ${both(message)}</li>`);
  return [
    `<details open><summary><b>${escapeMarkup(kind)}</b> ${escapeMarkup(target)} · ${local(startMs)} · ${outcome(graded)}</summary>`,
    `<p>${both(truth.text)}</p>${timeline}<ul>${told.join('')}</ul></details>`,
  ].join('');
}

function falseAlarms({ grading }: Exam): string {
  if (grading.falseAlarms.length === 0) return '';
  const lines = grading.falseAlarms.map(({ asset, kind, raisedMs, message, happening }) =>
    row([local(raisedMs), escapeMarkup(asset), escapeMarkup(kind), both(message), escapeMarkup(happening ?? '')]),
  );
  const names: Text[] = [
    { zh: '时间', en: 'Time' },
    { zh: '资产', en: 'Asset' },
    { zh: '类别', en: 'Kind' },
    { zh: '内容', en: 'Message' },
    { zh: '干扰项', en: 'Decoy' },
  ];
  return `${heading({ zh: '误报', en: 'False alarms' })}<div class="wide"><table>${head(names)}<tbody>${lines.join('')}</tbody></table></div>`;
}
