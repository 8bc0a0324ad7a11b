import type { AlarmPerformance } from '../../core/alarm-performance.ts';
import { performanceLists, performanceRows } from '../../core/performance-rows.ts';
import type { Text } from '../../core/text.ts';
import { pageScript, pageStyle } from '../exam/html-page.ts';
import { escapeMarkup } from '../exam/markup.ts';

const both = ({ zh, en }: Text): string =>
  `<span lang="zh">${escapeMarkup(zh)}</span><span lang="en">${escapeMarkup(en)}</span>`;
const cell = (text: string): string => `<td>${escapeMarkup(text)}</td>`;
const marks = { true: '✓', false: '✗', null: '' } as const;
const moment = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

/** The figures as one page that needs nothing beside itself, in Chinese and English, made to be printed. */
export function performancePage(gateway: string, figures: AlarmPerformance): string {
  const span = `${moment(figures.from)} – ${moment(figures.to)} UTC`;
  const heads = [
    { zh: '指标', en: 'Figure' },
    { zh: '数值', en: 'Value' },
    { zh: '目标', en: 'Target' },
  ];
  const rows = performanceRows(figures).map(
    ({ name, value, target, ok }) =>
      `<tr><th scope="row">${both(name)}</th>${cell(value)}${cell(target)}${cell(marks[`${ok}`])}</tr>`,
  );
  const lists = performanceLists(figures).flatMap(({ title, rows: listed }) =>
    listed.length === 0
      ? []
      : [
          `<h2>${both(title)}</h2><table>`,
          ...listed.map(([id, figure]) => `<tr><th scope="row">${escapeMarkup(id)}</th>${cell(figure)}</tr>`),
          '</table>',
        ],
  );
  const title = `Lifeline · ${gateway}`;
  return [
    `<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title>`,
    `<style>${pageStyle}@media print{.language{display:none}}</style></head><body>`,
    `<header><h1>${both({ zh: `报警系统报告：${gateway}`, en: `Alarm system of ${gateway}` })}</h1>`,
    `<button type="button" class="language">中文 / English</button></header><p>${escapeMarkup(span)}</p>`,
    `<table><thead><tr>${heads.map((head) => `<th scope="col">${both(head)}</th>`).join('')}<th></th></tr></thead>`,
    `<tbody>${rows.join('')}</tbody></table>`,
    ...lists,
    `<script>${pageScript}</script></body></html>`,
  ].join('\n');
}
