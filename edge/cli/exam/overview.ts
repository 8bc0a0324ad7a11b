import { utilityName } from '../../../simulator/city/utility-names.ts';
import type { Exam } from '../../../simulator/exam/exam.ts';
import type { Graded, RaisedAlarm } from '../../../simulator/exam/grading.ts';
import { both, offsetMs } from './html-words.ts';
import { escapeMarkup } from './markup.ts';
import { outcomeNames, outcomeOf, outcomeSigns, outcomes } from './outcome.ts';
import { timeMarks } from './time-marks.ts';

/** Pixels of the drawing: its whole width, what is left and right of the time axis, a row, the axis. */
const width = 1200;
const left = 120;
const right = 16;
const rowHeight = 17;
const axisHeight = 24;
/** What is short is drawn so wide that its sign has room, also beside the stroke of an early alarm. */
const leastPx = 22;
const signPx = 14;

/** What the signs of the drawing mean, as far as it has them. */
export function overviewLegend({ grading }: Exam): string {
  const seen = new Set(grading.happenings.map(outcomeOf));
  const signs = outcomes
    .filter((outcome) => seen.has(outcome))
    .map(
      (outcome) =>
        `<span class="outcome ${outcome}"><i>${outcomeSigns[outcome]}</i> ${both(outcomeNames[outcome])}</span>`,
    );
  if (grading.happenings.some(({ alarms }) => alarms.length > 0)) {
    signs.push(`<span><i>|</i> ${both({ zh: '首次报警', en: 'First alarm' })}</span>`);
  }
  if (grading.falseAlarms.some(({ happening }) => happening === undefined)) {
    signs.push(`<span class="outcome missed"><i>▲</i> ${both({ zh: '误报', en: 'False alarm' })}</span>`);
  }
  return `<p class="legend whole">${signs.join('')}</p>`;
}

interface Row {
  readonly bars: Graded[];
  /** Where the last of its bars ends. */
  endPx: number;
}

/** The whole exam on one time axis, utility by utility: what happened, when it was detected, and false alarms. */
export function overviewSvg({ grading, startMs, hours }: Exam): string {
  const toMs = startMs + hours * 3_600_000;
  const x = (timeMs: number) =>
    left + ((Math.min(toMs, Math.max(startMs, timeMs)) - startMs) / (toMs - startMs)) * (width - left - right);
  const utilities = [...new Set([...grading.happenings, ...grading.falseAlarms].map(({ utility }) => utility))].sort();
  const parts: string[] = [];
  let top = 4;
  for (const utility of utilities) {
    const rows = rowsOf(
      grading.happenings.filter((graded) => graded.utility === utility),
      x,
    );
    const strays = grading.falseAlarms.filter((alarm) => alarm.utility === utility && alarm.happening === undefined);
    const height = Math.max(1, rows.length + (strays.length > 0 ? 1 : 0)) * rowHeight + 8;
    parts.push(`<line class="rule" x1="0" x2="${width}" y1="${top - 4}" y2="${top - 4}"/>`);
    parts.push(`<text class="utility" x="0" y="${top + 12}">${inBoth(utility)}</text>`);
    for (const [at, { bars }] of rows.entries()) {
      parts.push(...bars.map((graded) => bar(graded, x, top + at * rowHeight)));
    }
    parts.push(...strays.map((alarm) => stray(alarm, x, top + rows.length * rowHeight)));
    top += height;
  }
  const height = top + axisHeight;
  const marks = timeMarks(startMs, toMs, offsetMs).map(
    ([timeMs, text]) =>
      `<line class="mark" x1="${px(x(timeMs))}" x2="${px(x(timeMs))}" y1="0" y2="${top}"/>` +
      `<text class="time" x="${px(x(timeMs))}" y="${height - 8}">${text}</text>`,
  );
  return `<svg class="overview" viewBox="0 0 ${width} ${height}" role="img">${[...marks, ...parts].join('')}</svg>`;
}

const px = (value: number): string => value.toFixed(1);
const widthOf = ({ truth, endMs }: Graded, x: (ms: number) => number): number =>
  Math.max(leastPx, x(endMs) - x(truth.happening.startMs));

/** As few rows as hold the bars without one covering another. */
function rowsOf(happenings: readonly Graded[], x: (ms: number) => number): readonly Row[] {
  const rows: Row[] = [];
  const ordered = [...happenings].sort((a, b) => a.truth.happening.startMs - b.truth.happening.startMs);
  for (const graded of ordered) {
    const from = x(graded.truth.happening.startMs);
    const endPx = from + widthOf(graded, x);
    const row = rows.find((one) => one.endPx + 2 <= from);
    if (row) {
      row.bars.push(graded);
      row.endPx = endPx;
    } else rows.push({ bars: [graded], endPx });
  }
  return rows;
}

/** A happening: its sign at the beginning, a stroke where its first alarm came. */
function bar(graded: Graded, x: (ms: number) => number, top: number): string {
  const { happening, text } = graded.truth;
  const from = x(happening.startMs);
  const outcome = outcomeOf(graded);
  const first = graded.alarms[0];
  const alarmPx = first ? x(first.raisedMs) : Number.POSITIVE_INFINITY;
  const signAt = alarmPx < from + signPx ? Math.max(from, alarmPx) + 4 : from + 4;
  const stroke = `<line class="first" x1="${px(alarmPx)}" x2="${px(alarmPx)}" y1="${top - 1}" y2="${top + 14}"/>`;
  return [
    `<a class="${outcome}" href="#${escapeMarkup(happening.id)}"><title>${escapeMarkup(`${text.zh} · ${text.en}`)}</title>`,
    `<rect x="${px(from)}" y="${top}" width="${px(widthOf(graded, x))}" height="13" rx="2"/>`,
    `<text x="${px(signAt)}" y="${top + 10.5}">${outcomeSigns[outcome]}</text>${first ? stroke : ''}</a>`,
  ].join('');
}

const stray = ({ raisedMs, message }: RaisedAlarm, x: (ms: number) => number, top: number): string =>
  `<path class="stray" d="M${px(x(raisedMs))} ${top + 1}l6 12h-12Z"><title>${escapeMarkup(`${message.zh} · ${message.en}`)}</title></path>`;

/** Both languages inside a drawing, which knows no `span`. */
const inBoth = (utility: string): string => both(utilityName(utility)).replaceAll('span', 'tspan');
