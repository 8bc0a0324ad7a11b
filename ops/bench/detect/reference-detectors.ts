import { chanceOf, fitTailScale } from '../../../edge/detection/limits/tail-scale.ts';
import { fitPrincipalComponents } from '../../../edge/detection/multivariate/principal-components.ts';
import { Projection } from '../../../edge/detection/multivariate/projection.ts';
import type { Table } from '../../../edge/evaluate/table.ts';

/** The newest share of training that sets the limits; the rest fits the model. */
const HELD_OUT = 0.2;
const LAGS = 2;
const VARIANCE = 0.95;

type Measure = (spe: number, t2: number) => readonly number[];

/** Dynamic PCA with two lags, 95 % of variance, EWMA on SPE and T², conformal limits: the first line of any comparison. */
export const dynamicComponents = (table: Table, trained: number): Float64Array =>
  judgedBy(table, trained, () => {
    let [meanSpe, meanT2] = [Number.NaN, Number.NaN];
    const follow = (mean: number, value: number) => (Number.isNaN(mean) ? value : mean + 0.1 * (value - mean));
    return (spe, t2) => {
      [meanSpe, meanT2] = [follow(meanSpe, spe), follow(meanT2, t2)];
      return [meanSpe, meanT2];
    };
  });

/** Surprise of each row in units of −log of its chance, by the rarest of the measures. */
function judgedBy(table: Table, trained: number, begin: () => Measure): Float64Array {
  const fitted = Math.floor(trained * (1 - HELD_OUT));
  const { centres, widths } = standardsOf(table, fitted);
  const columns = widths.flatMap((width, column) => (width > 0 ? [column] : []));
  const width = columns.length * (LAGS + 1);
  const lagged = (row: number, out: Float64Array) => {
    for (let back = 0; back <= LAGS; back++)
      for (const [at, column] of columns.entries()) {
        const value = table.store.value(column, Math.max(0, row - back));
        out[back * columns.length + at] = (value - (centres[column] as number)) / (widths[column] as number);
      }
    return out;
  };
  const moments = new Float64Array(width * width);
  const z = new Float64Array(width);
  for (let row = LAGS; row < fitted; row++) {
    lagged(row, z);
    for (let a = 0; a < width; a++)
      for (let b = 0; b < width; b++)
        moments[a * width + b] = (moments[a * width + b] as number) + ((z[a] as number) * (z[b] as number)) / fitted;
  }
  const projection = new Projection(fitPrincipalComponents(moments, width, VARIANCE));
  const measure = begin();
  const measured = Array.from({ length: table.store.rows }, (_, row) => {
    projection.project(lagged(row, z));
    return measure(projection.spe, projection.t2).map((value) => Math.log(value + 1e-9));
  });
  const scales = (measured[0] ?? []).map((_, at) =>
    fitTailScale(measured.slice(fitted, trained).map((values) => values[at] as number)),
  );
  return Float64Array.from(measured, (values) =>
    scales.reduce((most, scale, at) => Math.max(most, -Math.log(chanceOf(scale, values[at] as number))), 0),
  );
}

function standardsOf({ names, store }: Table, fitted: number) {
  const columns = names.map((_, column) => store.slice(column, 0, fitted));
  const centres = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / fitted);
  const widths = columns.map((values, column) =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - (centres[column] as number)) ** 2, 0) / fitted),
  );
  return { centres, widths };
}
