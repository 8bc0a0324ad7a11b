import uPlot from 'uplot';
import { unitSign } from '../../../core/unit-sign.ts';
import type { Doubt } from './course.ts';
import { gatewayNow } from './feed.ts';
import { dateText, numberText, timeText } from './format.ts';
import type { LimitView, TagView } from './model.ts';

interface ChartFacts {
  readonly width: number;
  readonly height: number;
  readonly tag: TagView;
  readonly limits: readonly LimitView[];
  readonly scale: 'values' | 'range';
  readonly spanMs: number;
  /** Time under the pointer, s since epoch. */
  readonly onLook: (time: number | undefined) => void;
  readonly doubts: () => readonly Doubt[];
}

/** Noise below this share of the instrument's range is not blown up to full height. */
const leastShare = 0.04;

const fontOf = (sizePx: number): string => `${sizePx}px ${getComputedStyle(document.body).fontFamily}`;
/** A colour of the style sheets by name. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** How the axes of all charts look. */
export const axisStyle = () => ({
  ...{ stroke: colour('ink-2'), font: fontOf(12) },
  grid: { stroke: colour('line-faint'), width: 1 },
  ticks: { stroke: colour('line'), width: 1, size: 4 },
});

/** Options of the one chart: plain axes, one line, limits dashed, doubtful stretches hatched. */
export function chartOptions(facts: ChartFacts): uPlot.Options {
  const { width, height, tag, spanMs, onLook } = facts;
  const axis = axisStyle();
  return {
    width,
    height,
    legend: { show: false },
    padding: [12, 16, 0, 0],
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { size: 8, fill: colour('ink') } },
    scales: {
      x: { time: true, range: () => [(gatewayNow() - spanMs) / 1000, gatewayNow() / 1000] },
      y: { range: (_, low, high) => rangeOf(facts, low, high) },
    },
    axes: [
      {
        ...axis,
        values: (_, splits) => splits.map((at, place) => clockLabel(at * 1000, splits[place - 1], spanMs)),
        space: 90,
        size: 30,
      },
      {
        ...axis,
        size: 54,
        space: 44,
        values: (_, splits) => splits.map((value) => labelOf(tag, value, splits)),
        label: unitSign(tag.unit),
        labelFont: axis.font,
        labelSize: 16,
      },
    ],
    series: [
      {},
      {
        stroke: colour('ink'),
        width: 1.6,
        spanGaps: false,
        points: { show: false },
        ...(tag.states && uPlot.paths.stepped ? { paths: uPlot.paths.stepped({ align: 1 }) } : {}),
      },
    ],
    hooks: {
      drawClear: [(plot) => drawDoubts(plot, facts.doubts())],
      draw: [(plot) => drawLimits(plot, facts.limits)],
      setCursor: [(plot) => onLook(plot.data[0][plot.cursor.idx ?? -1])],
    },
  };
}

function rangeOf({ tag, scale }: ChartFacts, low: number | null, high: number | null): [number, number] {
  const [from, to] = [tag.low ?? 0, tag.high ?? 1];
  if (scale === 'range' || tag.states) return [from - (to - from) * 0.02, to + (to - from) * 0.02];
  if (low === null || high === null) return [from, to];
  const span = Math.max(high - low, tag.low === null || tag.high === null ? 1e-6 : (to - from) * leastShare, 1e-6);
  const middle = (low + high) / 2;
  return [middle - span * 0.6, middle + span * 0.6];
}

function labelOf(tag: TagView, value: number, splits: readonly number[]): string {
  if (tag.states) return tag.states[String(value)] ?? '';
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

/** Hatches bad stretches and, wider, uncertain ones, over the whole height: they show even where there is no line. */
function drawDoubts(plot: uPlot, found: readonly Doubt[]): void {
  const { ctx, bbox } = plot;
  for (const { from, to, bad } of found) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, Math.max(plot.valToPos(to, 'x', true), left + 2));
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.strokeStyle = colour(bad ? 'hatch-strong' : 'hatch');
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    const step = (bad ? 6 : 12) * devicePixelRatio;
    for (let x = left - (left % step) - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

function drawLimits(plot: uPlot, limits: readonly LimitView[]): void {
  const { ctx, bbox } = plot;
  for (const { above, below } of limits) {
    const limit = above ?? below;
    if (typeof limit !== 'number') continue;
    const y = plot.valToPos(limit, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.save();
    ctx.strokeStyle = colour('ink-2');
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillStyle = colour('ink-2');
    ctx.font = fontOf(11 * devicePixelRatio);
    ctx.textAlign = 'right';
    ctx.fillText(
      `${typeof above === 'number' ? '>' : '<'} ${limit}`,
      bbox.left + bbox.width - 4,
      y - 4 * devicePixelRatio,
    );
    ctx.restore();
  }
}
