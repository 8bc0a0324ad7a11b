import uPlot from 'uplot';
import { unitSign } from '../../../core/unit-sign.ts';
import { drawDoubts, drawLetters, drawLimits, drawMarkedTime, drawMarks } from './chart-drawing.ts';
import { colour, fontOf } from './chart-style.ts';
import { dateText, numberText, timeText } from './format.ts';
import { language } from './language.ts';
import type { TagView } from './model.ts';
import { stateWord } from './state-words.ts';
import type { TrendChoice } from './trend-choice.ts';
import { scaleOf, type TrendLine } from './trend-lines.ts';
import type { TrendMark } from './trend-marks.ts';

/** What a chart is made of; what it draws now is asked for at each drawing. */
export interface ChartFacts {
  readonly width: number;
  readonly height: number;
  readonly scale: TrendChoice['scale'];
  readonly spanMs: number;
  /** First and last time shown, s since epoch. */
  readonly window: () => readonly [number, number];
  readonly lines: () => readonly TrendLine[];
  readonly marks: () => readonly TrendMark[];
  /** A time to compare with, s since epoch. */
  readonly markedTime: () => number | undefined;
  /** Time under the pointer, s since epoch. */
  readonly onLook: (time: number | undefined) => void;
  /** A stretch drawn over with the pointer, s since epoch. */
  readonly onZoom: (from: number, to: number) => void;
}

/** Noise below this share of the instrument's range is not blown up to full height. */
const leastShare = 0.04;
/** A shorter drag is a click that trembled. */
const leastZoomPx = 8;

/** How the axes of all charts look. */
export const axisStyle = () => ({
  ...{ stroke: colour('ink-2'), font: fontOf(12) },
  grid: { stroke: colour('line-faint'), width: 1 },
  ticks: { stroke: colour('line'), width: 1, size: 4 },
});

/** Options of the chart of trends: an axis for each unit, limits dashed, doubtful stretches hatched, alarms along its top. */
export function chartOptions(facts: ChartFacts): uPlot.Options {
  const { width, height, spanMs, onLook } = facts;
  const lines = facts.lines();
  const scales = [...new Set(lines.map(scaleOf))];
  const axis = axisStyle();
  return {
    width,
    height,
    legend: { show: false },
    padding: [18, scales.length > 1 ? 0 : 16, 0, 0],
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 8, fill: colour('ink') } },
    scales: {
      x: { time: true, range: () => [...facts.window()] as [number, number] },
      ...Object.fromEntries(
        scales.map((scale) => {
          const tags = lines.filter((line) => scaleOf(line) === scale).map(({ tag }) => tag);
          return [scale, { range: (_: uPlot, low: number, high: number) => rangeOf(facts.scale, tags, low, high) }];
        }),
      ),
    },
    axes: [
      {
        ...axis,
        values: (_, splits) => splits.map((at, place) => clockLabel(at * 1000, splits[place - 1], spanMs)),
        ...{ space: 90, size: 30 },
      },
      ...scales.map((scale, at): uPlot.Axis => {
        const tag = lines.find((line) => scaleOf(line) === scale)?.tag;
        return {
          ...axis,
          ...{ scale, size: 54, space: 44, labelFont: axis.font, labelSize: 16, side: at % 2 === 0 ? 3 : 1 },
          grid: { ...axis.grid, show: at === 0 },
          values: (_, splits) => splits.map((value) => labelOf(tag, value, splits)),
          label: unitSign(tag?.unit ?? ''),
        };
      }),
    ],
    series: [{}, ...lines.flatMap(seriesOf)],
    hooks: {
      drawClear: [(plot) => drawDoubts(plot, facts.lines())],
      draw: [
        (plot) => {
          for (const line of facts.lines()) drawLimits(plot, scaleOf(line), line.limits);
          drawLetters(plot, facts.lines());
          drawMarks(plot, facts.marks());
          drawMarkedTime(plot, facts.markedTime());
        },
      ],
      setCursor: [(plot) => onLook(plot.data[0][plot.cursor.idx ?? -1])],
      setSelect: [(plot) => zoom(plot, facts)],
    },
  };
}

/** The course of a point, and that of a week before where it is drawn. */
function seriesOf(line: TrendLine): uPlot.Series[] {
  const { shade, dash } = line.style;
  const steps = line.tag.states && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {};
  const plain = { ...steps, scale: scaleOf(line), dash: [...dash], spanGaps: false, points: { show: false } };
  const now = { ...plain, stroke: colour(shade), width: 1.6 };
  return line.past ? [now, { ...plain, stroke: colour('line'), width: 2.4 }] : [now];
}

function zoom(plot: uPlot, { onZoom }: ChartFacts): void {
  const { left, width } = plot.select;
  if (width < leastZoomPx) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onZoom(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
}

function rangeOf(
  scale: TrendChoice['scale'],
  tags: readonly TagView[],
  low: number | null,
  high: number | null,
): [number, number] {
  const from = Math.min(...tags.map((tag) => tag.low ?? 0));
  const to = Math.max(...tags.map((tag) => tag.high ?? 1));
  if (scale === 'range' || tags.some(({ states }) => states))
    return [from - (to - from) * 0.02, to + (to - from) * 0.02];
  if (low === null || high === null) return [from, to];
  const known = tags.every((tag) => tag.low !== null && tag.high !== null);
  const span = Math.max(high - low, known ? (to - from) * leastShare : 1e-6, 1e-6);
  const middle = (low + high) / 2;
  return [middle - span * 0.6, middle + span * 0.6];
}

function labelOf(tag: TagView | undefined, value: number, splits: readonly number[]): string {
  if (tag?.states) return stateWord(tag.states[String(value)] ?? '', language());
  const step = Math.abs((splits[1] ?? value) - (splits[0] ?? value)) || 1;
  return numberText(value, Math.max(0, Math.min(4, -Math.floor(Math.log10(step) + 1e-9))));
}

/** Clock times; the date where a day begins or where days are the step. */
function clockLabel(atMs: number, before: number | undefined, spanMs: number): string {
  const time = timeText(atMs);
  if (spanMs < 1_800_000) return time;
  const dawn = before === undefined || dateText(before * 1000) !== dateText(atMs);
  return dawn && spanMs > 21_600_000 ? `${dateText(atMs).slice(5)} ${time.slice(0, 5)}` : time.slice(0, 5);
}
