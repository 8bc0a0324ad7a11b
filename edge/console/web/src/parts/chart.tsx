import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { type Course, columnsUntil, placeOf } from '../course.ts';
import { gatewayNow } from '../feed.ts';
import { language, t } from '../language.ts';
import type { TrendChoice } from '../trend-choice.ts';
import type { TrendLine } from '../trend-lines.ts';
import type { TrendMark } from '../trend-marks.ts';
import { usePlot } from '../use-plot.ts';

interface ChartProps {
  readonly lines: readonly TrendLine[];
  readonly choice: TrendChoice;
  readonly marks: readonly TrendMark[];
  /** Time looked at, s since epoch: under the pointer or where the arrow keys led. */
  readonly looked: number | undefined;
  readonly onLook: (time: number | undefined) => void;
  /** Time to compare it with, s since epoch. */
  readonly marked: number | undefined;
  readonly onMark: (time: number | undefined) => void;
  /** A stretch that is to be looked at closer, ms since epoch. */
  readonly onZoom: (fromMs: number, toMs: number) => void;
  /** What is there, in words. */
  readonly spoken: string;
}

/** Pictures of a span are this many; between two of them nothing would be seen to move. */
const picturesPerSpan = 2_000;

/** Courses over time with their limits; stretches without trust are hatched. Arrow keys move the cursor. */
export function Chart(props: ChartProps) {
  const { lines, choice, looked, marked, onLook, onMark, spoken } = props;
  const { spanMs, toMs, scale } = choice;
  const frame = useRef<HTMLDivElement>(null);
  /** Where the arrow keys led; the cursor stays at that time while the course moves on. */
  const pinned = useRef<number | undefined>(undefined);
  const zoomed = useRef(false);
  const shown = useRef(props);
  shown.current = props;
  const moment = Math.floor((toMs ?? gatewayNow()) / Math.max(1_000, spanMs / picturesPerSpan));
  // `moment` stands for the clock that moves the right edge.
  const columns = useMemo(
    () => columnsOf(lines, toMs),
    [...lines.flatMap(({ course, past }) => [course, past]), toMs, moment],
  );
  const placeCursor = usePlot({
    ...{ frame, columns, beside: [props.marks, marked] },
    form: [scale, spanMs, language(), ...lines.map(({ tag, past }) => `${tag.name} ${past !== undefined}`)].join('\n'),
    facts: {
      ...{ scale, spanMs },
      window: () => {
        const end = shown.current.choice.toMs ?? gatewayNow();
        return [(end - spanMs) / 1000, end / 1000];
      },
      lines: () => shown.current.lines,
      marks: () => shown.current.marks,
      markedTime: () => shown.current.marked,
      onLook: (time) => {
        if (pinned.current === undefined) shown.current.onLook(time);
      },
      onZoom: (from, to) => {
        zoomed.current = true;
        shown.current.onZoom(from * 1000, to * 1000);
      },
    },
  });
  useEffect(() => {
    if (pinned.current !== undefined) placeCursor(pinned.current);
  });
  const times = columns[0];
  const last = times.length - 1;
  const at = looked === undefined ? last : Math.max(0, placeOf(times, looked));
  const move = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === 'Escape') {
      if (event.key === 'Enter') onMark(looked ?? times[last]);
      else onMark(undefined);
      return;
    }
    const to = stepped(event.key, at, last);
    if (to === undefined) return;
    event.preventDefault();
    pinned.current = times[to];
    placeCursor(pinned.current);
    onLook(pinned.current);
  };
  return (
    <div
      class="chart"
      ref={frame}
      role="slider"
      tabIndex={0}
      aria-label={t('chartHint')}
      title={t('dragHint')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={spoken}
      onKeyDown={move}
      onClick={() => {
        if (!zoomed.current) onMark(looked);
        zoomed.current = false;
      }}
      onBlur={() => {
        pinned.current = undefined;
        placeCursor(undefined);
      }}
      onMouseMove={() => {
        pinned.current = undefined;
      }}
    />
  );
}

/** `NULL_EXPAND` of uPlot. */
const gapsReach = 2;

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -20, PageDown: 20 };

/** Where a key leads from a place; undefined for one that leads nowhere. */
function stepped(key: string, at: number, last: number): number | undefined {
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(last, at + step));
}

/** All courses over the times of all of them; one that follows the clock holds its last value until now. */
function columnsOf(lines: readonly TrendLine[], toMs: number | undefined): uPlot.AlignedData {
  const now = gatewayNow();
  const table = ({ times, values }: Course): [number[], (number | null)[]] => [times, values];
  const tables = lines.flatMap(({ course, past }) => [
    toMs === undefined ? columnsUntil(course, now) : table(course),
    ...(past ? [table(past)] : []),
  ]);
  // A gap of one course reaches over the times of the others.
  return tables.length === 0
    ? [[]]
    : uPlot.join(
        tables,
        tables.map((columns) => columns.map(() => gapsReach)),
      );
}
