import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartOptions } from '../chart-options.ts';
import { type Course, columnsUntil, doubts } from '../course.ts';
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
  /** Index in the course under the pointer, undefined when there is none. */
  readonly onLook: (at: number | undefined) => void;
  readonly looked: number | undefined;
  /** What is at the cursor, in words. */
  readonly spoken: string;
}

/** One course over time with its limits; stretches without trust are hatched. Arrow keys move the cursor. */
export function Chart(props: ChartProps) {
  const { course, tag, limits, spanMs, scale, onLook, looked, spoken } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const shown = useRef({ course, spanMs });
  shown.current = { course, spanMs };
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
      onLook,
      doubts: () => doubts(shown.current.course),
    });
    const made = new uPlot(options, columns(shown.current.course), frame.current);
    plot.current = made;
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [width, height, tag, limits, scale, spanMs, onLook]);
  // The right edge moves with the clock, whether a sample came or not.
  useEffect(() => {
    plot.current?.setData(columns(course));
  }, [course, second]);
  return (
    <div
      class="chart"
      ref={frame}
      role="slider"
      tabIndex={0}
      aria-label={t('chartHint')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, course.times.length - 1)}
      aria-valuenow={looked ?? Math.max(0, course.times.length - 1)}
      aria-valuetext={spoken}
      onKeyDown={(event) => moveCursor(plot.current, event)}
    />
  );
}

const columns = (course: Course): uPlot.AlignedData => columnsUntil(course, gatewayNow());

function moveCursor(plot: uPlot | undefined, event: KeyboardEvent): void {
  const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 }[event.key];
  if (!plot || step === undefined) return;
  event.preventDefault();
  const times = plot.data[0];
  const last = times.length - 1;
  const at = Math.max(0, Math.min(last, (plot.cursor.idx ?? last) + step));
  plot.setCursor({ left: plot.valToPos(times[at] ?? 0, 'x'), top: plot.bbox.height / 2 / devicePixelRatio });
}
