import { describeError } from '../../core/errors.ts';
import type { Text } from '../../core/text.ts';
import type { Evaluation } from '../../evaluate/evaluate.ts';
import type { EventKind } from '../../evaluate/events.ts';
import type { Table } from '../../evaluate/table.ts';
import { pageScript, pageStyle } from '../exam/html-page.ts';
import { escapeMarkup } from '../exam/markup.ts';
import { count } from '../problems.ts';
import { courseSvg } from './course.ts';
import type { Summary } from './summary.ts';

/** Events that are drawn, the most striking ones. */
const DRAWN_EVENTS = 20;
/** Rows that are drawn around an event, in its own lengths, and at least. */
const MARGIN_LENGTHS = 1;
const MARGIN_ROWS = 100;

const kindTexts: Readonly<Record<EventKind, Text>> = {
  correlation: { zh: '信号之间的关系被打破', en: 'signals no longer fit each other' },
  misfit: { zh: '一个信号持续偏离其他信号', en: 'one signal keeps off what the others say' },
  level: { zh: '信号水平异常', en: 'unusual level' },
  stuck: { zh: '信号卡死', en: 'stuck signal' },
  noise: { zh: '噪声异常', en: 'unusual noise' },
  spike: { zh: '尖峰', en: 'spike' },
  'new-state': { zh: '从未出现过的状态', en: 'state never seen before' },
  missing: { zh: '信号丢失', en: 'signal missing' },
};

/** A signal alone has only its own past to fit. */
const aloneText: Text = { zh: '信号走势与以往不同', en: 'the signal runs as it never did' };

/** The report as one page that needs nothing beside itself, in Chinese and English. */
export function detectHtml(file: string, table: Table, evaluation: Evaluation, summary: Summary): string {
  const { rows, trainedRows, columns, events, outOfModelShare } = summary;
  const title = `Lifeline · ${file}`;
  const share = (100 * outOfModelShare).toFixed(1);
  return [
    `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title>`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><style>${pageStyle}</style></head><body>`,
    `<header><h1>${both({ zh: `检测报告：${file}`, en: `Detection: ${file}` })}</h1>`,
    '<button type="button" class="language">中文 / English</button></header>',
    `<p>${both({
      zh: `${rows} 行，其中 ${trainedRows} 行用于标定；使用 ${columns.used.length} 列；${events.length} 个事件；标定后 ${share} % 的行超出模型`,
      en: `${rows} rows, ${trainedRows} of them for calibration; ${count(columns.used.length, 'column')} used; ${count(events.length, 'event')}; ${share} % of the rows after calibration out of model`,
    })}</p>`,
    labelled(summary),
    list({ zh: '注意', en: 'Warnings' }, evaluation.warnings.map(describeError)),
    `<h2>${both({ zh: '全程得分', en: 'Score over all rows' })}</h2>`,
    courseSvg({ table, verdicts: evaluation.verdicts, from: 0, to: rows, columns: [], mark: undefined }),
    `<h2>${both({ zh: '最显著的事件', en: 'Most striking events' })}</h2>`,
    events.length === 0 ? `<p>${both({ zh: '没有事件', en: 'no event' })}</p>` : '',
    ...[...events]
      .sort((a, b) => b.peakScore - a.peakScore)
      .slice(0, DRAWN_EVENTS)
      .map((event) => eventPart(table, evaluation, event, columns.used.length === 1)),
    list(
      { zh: '未使用的列', en: 'Columns not used' },
      columns.dropped.map(({ name, why }) => `${name}: ${why}`),
    ),
    `<script>${pageScript}</script></body></html>`,
  ].join('\n');
}

const both = ({ zh, en }: Text): string =>
  `<span lang="zh">${escapeMarkup(zh)}</span><span lang="en">${escapeMarkup(en)}</span>`;

function list(title: Text, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<h2>${both(title)}</h2><ul>${lines.map((line) => `<li>${escapeMarkup(line)}</li>`).join('')}</ul>`;
}

function labelled({ labels }: Summary): string {
  if (!labels) return '';
  const { events, detected, falseEvents, falseAlarmShare, vusPr, alwaysAlarm, random } = labels;
  const share = falseAlarmShare === null ? '–' : `${(100 * falseAlarmShare).toFixed(2)} %`;
  const volume = (value: number | null) => value?.toFixed(3) ?? '–';
  return `<p>${both({
    zh: `与真值相比：${events} 个事件检出 ${detected} 个，误报 ${falseEvents} 个，正常行报警占 ${share}；VUS-PR ${volume(vusPr)}（每行都报警 ${volume(alwaysAlarm.vusPr)}，随机 ${volume(random.vusPr)}）`,
    en: `Against the truth: ${detected} of ${events} events found, ${falseEvents} false, alarm on ${share} of normal rows; VUS-PR ${volume(vusPr)} (alarm on every row ${volume(alwaysAlarm.vusPr)}, random ${volume(random.vusPr)})`,
  })}</p>`;
}

function eventPart(table: Table, { verdicts }: Evaluation, event: Summary['events'][number], isAlone: boolean): string {
  const { start, end, startTime, peakScore, kind, top, outOfModel } = event;
  const margin = Math.max(MARGIN_ROWS, MARGIN_LENGTHS * (end - start));
  const drawing = courseSvg({
    ...{ table, verdicts, from: Math.max(0, start - margin), to: Math.min(verdicts.rows, end + margin) },
    ...{ columns: top.map((name) => table.names.indexOf(name)), mark: [start, end] },
  });
  const note = outOfModel ? ` · ${both({ zh: '超出模型', en: 'out of model' })}` : '';
  return [
    `<details open><summary><b>${both(isAlone && kind === 'correlation' ? aloneText : kindTexts[kind])}</b> · ${start}:${end} ${escapeMarkup(startTime ?? '')} · ${peakScore.toFixed(3)}${note}</summary>`,
    `<p>${escapeMarkup(top.join(', '))}</p>${drawing}</details>`,
  ].join('');
}
