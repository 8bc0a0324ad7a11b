import type { Graded } from '../../../simulator/exam/grading.ts';
import type { Signal } from '../../../simulator/exam/signals.ts';
import type { Finding } from '../../core/finding.ts';
import { unitSign } from '../../core/unit-sign.ts';
import { escapeMarkup } from './markup.ts';
import { timeMarks } from './time-marks.ts';

/** Pixels of the drawing, and of what is left of the time axis. */
const width = 1200;
const left = 270;
const right = 12;
const signalHeight = 56;
const laneHeight = 20;
const axisHeight = 22;
const beforeMs = 600_000;
const afterMs = 1_200_000;
/** A drawing shows so much of what lasts, ms. */
const longestMs = 6 * 3_600_000;
/** A longer label is cut. */
const labelSigns = 40;

/** What the drawing of one happening is made of. */
export interface TimelineParts {
  readonly graded: Graded;
  readonly signals: readonly Signal[];
  /** Claims about assets that it affects. */
  readonly findings: readonly Finding[];
  /** ms to be added for the local time of the city. */
  readonly offsetMs: number;
}

/** One happening from ten minutes before to twenty after: truth, signals, findings, alarms, one above another, as SVG. */
export function timelineSvg({ graded, signals, findings, offsetMs }: TimelineParts): string {
  const { startMs } = graded.truth.happening;
  const fromMs = startMs - beforeMs;
  const toMs = Math.min(graded.endMs + afterMs, startMs + longestMs);
  const x = (timeMs: number) =>
    left + ((Math.min(toMs, Math.max(fromMs, timeMs)) - fromMs) / (toMs - fromMs)) * (width - left - right);
  const shown = findings.filter(({ time, active }) => active && time >= fromMs && time <= toMs);
  const lanes = [...new Set(shown.map(({ asset, kind }) => `${asset} ${kind}`))];
  const alarms = graded.alarms.filter(({ raisedMs }) => raisedMs <= toMs);
  const findingsTop = laneHeight + signals.length * signalHeight;
  const alarmsTop = findingsTop + lanes.length * laneHeight;
  const height = alarmsTop + alarms.length * laneHeight + axisHeight;
  const parts = [
    band(x(startMs), x(graded.endMs), height - axisHeight),
    label(laneHeight / 2, graded.truth.happening.kind, 'truth'),
    ...signals.map((signal, index) => course(signal, laneHeight + index * signalHeight, x, fromMs, toMs)),
    ...lanes.map((lane, index) => label(findingsTop + (index + 0.5) * laneHeight, lane, 'finding')),
    ...shown.map(({ asset, kind, time }) =>
      tick(x(time), findingsTop + (lanes.indexOf(`${asset} ${kind}`) + 0.5) * laneHeight),
    ),
    ...alarms.flatMap(({ asset, kind, raisedMs, clearedMs = toMs }, index) => {
      const y = alarmsTop + (index + 0.5) * laneHeight;
      return [label(y, `${asset} ${kind}`, 'alarm'), bar(x(raisedMs), x(clearedMs), y)];
    }),
    ...timeMarks(fromMs, toMs, offsetMs).map(([timeMs, text]) => mark(x(timeMs), height, text)),
  ];
  return `<svg viewBox="0 0 ${width} ${height}" role="img">${parts.join('')}</svg>`;
}

const px = (value: number): string => value.toFixed(1);

function label(y: number, text: string, kind: string): string {
  const [shown, whole] =
    text.length > labelSigns
      ? [`${text.slice(0, labelSigns - 1)}…`, `<title>${escapeMarkup(text)}</title>`]
      : [text, ''];
  return `<text class="label ${kind}" x="${left - 8}" y="${px(y)}">${escapeMarkup(shown)}${whole}</text>`;
}

const band = (from: number, to: number, height: number): string =>
  `<rect class="truth" x="${px(from)}" y="0" width="${px(Math.max(1, to - from))}" height="${px(height)}"/>`;

const tick = (x: number, y: number): string => `<circle class="finding" cx="${px(x)}" cy="${px(y)}" r="4"/>`;

const bar = (from: number, to: number, y: number): string =>
  `<rect class="alarm" x="${px(from)}" y="${px(y - 5)}" width="${px(Math.max(3, to - from))}" height="10"/>`;

const mark = (x: number, height: number, text: string): string =>
  `<line class="mark" x1="${px(x)}" x2="${px(x)}" y1="0" y2="${height - axisHeight}"/>` +
  `<text class="time" x="${px(x)}" y="${height - 6}">${text}</text>`;

function course(
  { tag, unit, times, values }: Signal,
  top: number,
  x: (ms: number) => number,
  from: number,
  to: number,
) {
  const points = times.flatMap((time, index) => {
    const value = values[index] ?? Number.NaN;
    return time >= from && time <= to && Number.isFinite(value) ? [{ time, value }] : [];
  });
  const low = Math.min(...points.map(({ value }) => value));
  const high = Math.max(...points.map(({ value }) => value));
  const inner = signalHeight - 10;
  const y = (value: number) => top + 5 + (high > low ? (1 - (value - low) / (high - low)) * inner : inner / 2);
  const path = points.map(({ time, value }) => `${px(x(time))},${px(y(value))}`).join(' ');
  const range = points.length > 0 ? `${figure(low)} … ${figure(high)} ${unitSign(unit)}` : '–';
  return [
    label(top + signalHeight / 2 - 7, tag, 'signal'),
    label(top + signalHeight / 2 + 8, range, 'range'),
    `<polyline class="signal" points="${path}"/>`,
  ].join('');
}

const figure = (value: number): string => String(Number(value.toPrecision(4)));
