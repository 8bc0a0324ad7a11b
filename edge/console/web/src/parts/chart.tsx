import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartOptions } from '../chart-options.ts';
import { type Course, columnsUntil, doubts, nearest } from '../course.ts';
import { gatewayNow } from '../feed.ts';
import { t } from '../language.ts';
import type { LimitView, TagView } from '../model.ts';
import { useSize } from '../size.ts';

/** Vertical scale: around the values, or the instrument's whole range. */
export type ChartScale = 'values' | 'range';

interface ChartProps {
  readonly course: Course;
  readonly tag: TagView;
  readonly limits: readonly LimitView[];
  readonly spanMs: number;
  readonly scale: ChartScale;
  /** Time looked at, s since epoch: under the pointer or where the arrow keys led. */
  readonly looked: number | undefined;
  readonly onLook: (time: number | undefined) => void;
  /** What is there, in words. */
  readonly spoken: string;
}

/** One course over time with its limits; stretches without trust are hatched. Arrow keys move the cursor. */
export function Chart(props: ChartProps) {
  const { course, tag, limits, spanMs, scale, onLook, looked, spoken } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  /** Where the arrow keys led; the cursor stays at that time while the course moves on. */
  const pinned = useRef<number | undefined>(undefined);
  const shown = useRef(course);
  shown.current = course;
  const { width, height } = useSize(frame);
  const second = Math.floor(gatewayNow() / 1000);
  useEffect(() => {
    if (!frame.current || width === 0 || height === 0) return;
    const options = chartOptions({
      width,
      height,
      tag,
      limits,
      scale,
      spanMs,
      onLook: (time) => {
        if (pinned.current === undefined) onLook(time);
      },
      doubts: () => doubts(shown.current),
    });
    const made = new uPlot(options, columns(shown.current), frame.current);
    plot.current = made;
    placeCursor(made, pinned.current);
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [width, height, tag, limits, scale, spanMs, onLook]);
  // The right edge moves with the clock, whether a sample came or not.
  useEffect(() => {
    plot.current?.setData(columns(course));
    placeCursor(plot.current, pinned.current);
  }, [course, second]);
  const last = course.times.length - 1;
  const at = looked === undefined ? last : (nearest(course.times, looked) ?? last);
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    pinned.current = course.times[Math.max(0, Math.min(last, at + step))];
    placeCursor(plot.current, pinned.current);
    onLook(pinned.current);
  };
  return (
    <div
      class="chart"
      ref={frame}
      role="slider"
      tabIndex={0}
      aria-label={t('chartHint')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={spoken}
      onKeyDown={move}
      onBlur={() => {
        pinned.current = undefined;
        plot.current?.setCursor({ left: -10, top: -10 });
      }}
      onMouseMove={() => {
        pinned.current = undefined;
      }}
    />
  );
}

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };

const columns = (course: Course): uPlot.AlignedData => columnsUntil(course, gatewayNow());

function placeCursor(plot: uPlot | undefined, time: number | undefined): void {
  if (time !== undefined) plot?.setCursor({ left: plot.valToPos(time, 'x'), top: 0 }, false);
}
