import type uPlot from 'uplot';
import { colour, fontOf } from './chart-style.ts';
import { doubts } from './course.ts';
import type { LimitView } from './model.ts';
import { scaleOf, type TrendLine } from './trend-lines.ts';
import type { TrendMark } from './trend-marks.ts';

/** Height of the lane of each line's doubts where there are several, and of a mark, px of the page. */
const laneHeight = 6;
const markHeight = 7;
const leastMarkWidth = 3;

/** Draws with the canvas as it was afterwards. */
function inside(plot: uPlot, draw: (ctx: CanvasRenderingContext2D) => void): void {
  plot.ctx.save();
  draw(plot.ctx);
  plot.ctx.restore();
}

/** Left and right edge of a stretch of time, s since epoch, inside the field; undefined outside of it. */
function edges(plot: uPlot, from: number, to: number, leastPx: number): readonly [number, number] | undefined {
  const { left: first, width } = plot.bbox;
  const left = Math.max(first, plot.valToPos(from, 'x', true));
  const right = Math.min(first + width, Math.max(plot.valToPos(to, 'x', true), left + leastPx));
  return right > left ? [left, right] : undefined;
}

/**
 * Hatches bad stretches and, wider, uncertain ones: over the whole height for a single line, so that they show even where
 * there is no line; in a lane for each at the bottom where there are several.
 */
export function drawDoubts(plot: uPlot, lines: readonly TrendLine[]): void {
  const { top, height } = plot.bbox;
  const lane = laneHeight * devicePixelRatio;
  for (const [at, { course }] of lines.entries()) {
    const box = lines.length === 1 ? { top, height } : { top: top + height - (at + 1) * lane, height: lane - 1 };
    for (const { from, to, bad } of doubts(course)) {
      const reach = edges(plot, from, to, 2);
      if (reach) hatch(plot, reach, box, bad);
    }
  }
}

function hatch(
  plot: uPlot,
  [left, right]: readonly [number, number],
  { top, height }: { readonly top: number; readonly height: number },
  bad: boolean,
): void {
  inside(plot, (ctx) => {
    ctx.beginPath();
    ctx.rect(left, top, right - left, height);
    ctx.clip();
    ctx.strokeStyle = colour(bad ? 'hatch-strong' : 'hatch');
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    const step = (bad ? 6 : 12) * devicePixelRatio;
    for (let x = left - (left % step) - height; x < right; x += step) {
      ctx.moveTo(x, top + height);
      ctx.lineTo(x + height, top);
    }
    ctx.stroke();
  });
}

export function drawLimits(plot: uPlot, scale: string, limits: readonly LimitView[]): void {
  const { bbox } = plot;
  for (const { above, below } of limits) {
    const limit = above ?? below;
    if (typeof limit !== 'number') continue;
    const y = plot.valToPos(limit, scale, true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    inside(plot, (ctx) => {
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
    });
  }
}

/** The letter of each line beside its last value, where there are several. */
export function drawLetters(plot: uPlot, lines: readonly TrendLine[]): void {
  if (lines.length < 2) return;
  const { left, width } = plot.bbox;
  for (const line of lines) {
    const { times, values } = line.course;
    const last = values.findLastIndex((value) => value !== null);
    const value = values[last];
    if (typeof value !== 'number') continue;
    const x = Math.min(plot.valToPos(times[last] ?? 0, 'x', true), left + width) - 5 * devicePixelRatio;
    const y = plot.valToPos(value, scaleOf(line), true) - 6 * devicePixelRatio;
    if (x < left) continue;
    inside(plot, (ctx) => {
      ctx.font = `bold ${fontOf(13 * devicePixelRatio)}`;
      ctx.textAlign = 'right';
      ctx.lineWidth = 4 * devicePixelRatio;
      ctx.strokeStyle = colour('panel');
      ctx.fillStyle = colour('ink');
      ctx.strokeText(line.style.letter, x, y);
      ctx.fillText(line.style.letter, x, y);
    });
  }
}

/** Alarms as bars in the colour of their priority above the field, what is true as an open bar below its top edge. */
export function drawMarks(plot: uPlot, marks: readonly TrendMark[]): void {
  const { top, height } = plot.bbox;
  const size = markHeight * devicePixelRatio;
  const end = plot.scales['x']?.max ?? 0;
  for (const { fromMs, toMs, priority } of marks) {
    const reach = edges(plot, fromMs / 1000, toMs === undefined ? end : toMs / 1000, leastMarkWidth * devicePixelRatio);
    if (!reach) continue;
    const [left, right] = reach;
    inside(plot, (ctx) => {
      ctx.lineWidth = devicePixelRatio;
      ctx.strokeStyle = ctx.fillStyle = colour(priority ?? 'ink');
      if (priority) ctx.fillRect(left, top - size - devicePixelRatio, right - left, size);
      else ctx.strokeRect(left, top + devicePixelRatio, right - left, size);
      ctx.globalAlpha = 0.6;
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
      ctx.beginPath();
      ctx.moveTo(left, top);
      ctx.lineTo(left, top + height);
      ctx.stroke();
    });
  }
}

/** The time to compare with, as an upright line. */
export function drawMarkedTime(plot: uPlot, time: number | undefined): void {
  const reach = time === undefined ? undefined : edges(plot, time, time, 1);
  if (!reach) return;
  const { top, height } = plot.bbox;
  inside(plot, (ctx) => {
    ctx.strokeStyle = colour('ink');
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(reach[0], top);
    ctx.lineTo(reach[0], top + height);
    ctx.stroke();
  });
}
