import type uPlot from 'uplot';
import { unitSign } from '../../../core/unit-sign.ts';
import type { CourseView } from '../../detection-wire.ts';
import { axisStyle } from './chart-options.ts';
import { colour } from './chart-style.ts';
import { constantText, timeText } from './format.ts';

/** Share of the height that is left above and below what is drawn. */
const margin = 0.12;

/** Options of the chart of a claim: its band filled, what is expected dashed, what was observed on top. */
export function expectedOptions(course: CourseView, width: number, height: number): uPlot.Options {
  const axis = axisStyle();
  const drawn = [...course.observed, ...course.expected, ...course.low, ...course.high].filter((one) => one !== null);
  const [least, most] = drawn.length > 0 ? [Math.min(...drawn), Math.max(...drawn)] : [0, 1];
  const slack = Math.max((most - least) * margin, Math.abs(most) * 1e-3, 1e-6);
  const none = { points: { show: false } };
  return {
    ...{ width, height, legend: { show: false }, padding: [10, 16, 0, 0] },
    cursor: { show: false },
    scales: { x: { time: true }, y: { range: [least - slack, most + slack] } },
    axes: [
      { ...axis, values: (_, splits) => splits.map((at) => timeText(at * 1000).slice(0, 5)), space: 90, size: 30 },
      {
        ...axis,
        ...{ size: 60, space: 36, label: unitSign(course.unit), labelSize: 16 },
        values: (_, splits) => splits.map((value) => constantText(value)),
      },
    ],
    series: [
      {},
      { ...none, width: 0 },
      { ...none, width: 0 },
      { ...none, stroke: colour('ink-2'), width: 1.2, dash: [6, 4] },
      { ...none, stroke: colour('ink'), width: 1.8, spanGaps: false },
    ],
    bands: [{ series: [2, 1], fill: colour('band') }],
  };
}
