import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { unitSign } from '../../../../core/unit-sign.ts';
import type { CourseView } from '../../../detection-wire.ts';
import { expectedOptions } from '../expected-options.ts';
import { constantText } from '../format.ts';
import { t } from '../language.ts';
import { useSize } from '../size.ts';

/** A quantity beside what is expected of it: line, dashed line, and the band within which it is ordinary. */
export function ExpectedChart({ course, name }: { course: CourseView; name: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  useEffect(() => {
    if (!frame.current || width === 0 || height === 0) return;
    const plot = new uPlot(expectedOptions(course, width, height), columnsOf(course), frame.current);
    return () => plot.destroy();
  }, [course, width, height]);
  return (
    <figure class="expected">
      <figcaption>
        <strong>{name}</strong>
        <span class="key key-observed">{t('observed')}</span>
        <span class="key key-expected">{t('expected')}</span>
        <span class="key key-band">{t('ordinaryBand')}</span>
      </figcaption>
      <div class="expected-chart" ref={frame} role="img" aria-label={`${name}: ${spoken(course)}`} />
    </figure>
  );
}

/** The newest row in words. */
function spoken({ observed, expected, low, high, unit }: CourseView): string {
  const at = observed.findLastIndex((value) => value !== null);
  const said = (column: readonly (number | null)[]) => `${constantText(column[at])} ${unitSign(unit)}`;
  return `${t('observed')} ${said(observed)}, ${t('expected')} ${said(expected)}, ${t('ordinaryBand')} ${said(low)} – ${said(high)}`;
}

/** An open side of the band reaches to the edge of what is drawn. */
function columnsOf({ times, observed, expected, low, high }: CourseView): uPlot.AlignedData {
  const numbers = [...observed, ...expected, ...low, ...high].filter((value) => value !== null);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const edge = Math.max(most - least, 1e-6);
  const closed = (side: readonly (number | null)[], other: readonly (number | null)[], open: number) =>
    side.map((value, row) => value ?? ((other[row] ?? null) === null ? null : open));
  return [
    times.map((time) => time / 1000),
    closed(low, high, least - edge),
    closed(high, low, most + edge),
    [...expected],
    [...observed],
  ];
}
