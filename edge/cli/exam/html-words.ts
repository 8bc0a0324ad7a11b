import type { Text } from '../../core/text.ts';
import { escapeMarkup } from './markup.ts';

/** The city is in Harbin: Asia/Shanghai, the whole year. */
export const offsetMs = 8 * 3_600_000;

/** A text in both languages, of which the page shows one. */
export const both = ({ zh, en }: Text): string =>
  `<span lang="zh">${escapeMarkup(zh)}</span><span lang="en">${escapeMarkup(en)}</span>`;

export const heading = (text: Text): string => `<h2>${both(text)}</h2>`;

/** `2026-01-12 08:20`, as the city's clocks show it. */
export const local = (timeMs: number): string =>
  new Date(timeMs + offsetMs).toISOString().slice(0, 16).replace('T', ' ');

/** Three digits; a dash for what could not be measured. */
export const figure = (value: number | null): string => (value === null ? '–' : String(Number(value.toPrecision(3))));
export const percent = (value: number | null): string =>
  value === null ? '–' : `${Number((value * 100).toFixed(1))} %`;

/** A time in the unit that people would say it in. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 100) return `${Number(seconds.toPrecision(2))} s`;
  return seconds < 6000 ? `${Math.round(seconds / 60)} min` : `${Number((seconds / 3600).toFixed(1))} h`;
}

/** A table that scrolls by itself where it is wider than the page. Names of columns are texts, cells are markup. */
export function table(
  columns: readonly Text[],
  rows: readonly (readonly string[])[],
  last?: readonly string[],
): string {
  const row = (cells: readonly string[], kind = '') =>
    `<tr${kind && ` class="${kind}"`}>${cells.map((content) => `<td>${content}</td>`).join('')}</tr>`;
  const head = `<thead><tr>${columns.map((text) => `<th>${both(text)}</th>`).join('')}</tr></thead>`;
  const body = [...rows.map((cells) => row(cells)), ...(last ? [row(last, 'overall')] : [])];
  return `<div class="wide"><table>${head}<tbody>${body.join('')}</tbody></table></div>`;
}
