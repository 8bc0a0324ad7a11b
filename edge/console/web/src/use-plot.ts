import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartFacts, chartOptions } from './chart-options.ts';
import { useSize } from './size.ts';

interface PlotParts {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly facts: Omit<ChartFacts, 'width' | 'height'>;
  readonly columns: uPlot.AlignedData;
  /** Another one takes another plot: which series there are and how they are drawn. */
  readonly form: string;
  /** What is drawn beside the columns; a change draws again. */
  readonly beside: readonly unknown[];
}

/** Moves the cursor to a time, s since epoch; undefined takes it off the field. */
export type PlaceCursor = (time: number | undefined) => void;

/** A plot that fills its frame; it is told of new columns and made anew only for another form. */
export function usePlot({ frame, facts, columns, form, beside }: PlotParts): PlaceCursor {
  const plot = useRef<uPlot | undefined>(undefined);
  const { width, height } = useSize(frame);
  const drawn = useRef(columns);
  drawn.current = columns;
  useEffect(() => {
    if (!frame.current || width === 0 || height === 0) return;
    const made = new uPlot(chartOptions({ ...facts, width, height }), drawn.current, frame.current);
    plot.current = made;
    return () => {
      plot.current = undefined;
      made.destroy();
    };
  }, [width, height, form]);
  useEffect(() => plot.current?.setData(columns), [columns, ...beside]);
  return (time) => {
    const made = plot.current;
    if (time === undefined) made?.setCursor({ left: -10, top: -10 });
    else made?.setCursor({ left: made.valToPos(time, 'x'), top: 0 }, false);
  };
}
