import type { Aggregation } from '../../../core/pack.ts';
import { unitSign } from '../../../core/unit-sign.ts';
import { picture } from './feed.ts';
import { decimalsFor, numberText } from './format.ts';
import { say, t } from './language.ts';
import { type Point, utilityOf } from './model.ts';
import { type Reading, readingAt, worstReading } from './reading.ts';

const figuresPerUtility = 4;

/** A key figure of a utility, taken over one role of all its assets of a kind. */
export interface Figure {
  readonly key: string;
  readonly points: readonly Point[];
  readonly over: Aggregation;
}

/** The key figures of a utility, as its pack lists them: the first four that the city can fill, else its first points. */
export function figuresOf(utility: string): readonly Figure[] {
  const wanted = picture.city?.view.utilities.find(({ id }) => id === utility)?.figures ?? [];
  const all = [...(picture.city?.points.values() ?? [])]
    .flat()
    .filter((point) => utilityOf(point.asset.type) === utility);
  const known = wanted.flatMap(({ kind, role, over }) => {
    const type = `${utility}.${kind}`;
    const points = all.filter((point) => point.asset.type === type && point.role === role);
    return points.length > 0 ? [{ key: `${type}/${role}/${over}`, points, over }] : [];
  });
  const others = all.filter((point) => point.definition.unit !== '');
  const fallback = others.map(figureOfPoint);
  return (known.length > 0 ? known : fallback).slice(0, figuresPerUtility);
}

const aggregate: Readonly<Record<Aggregation, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((total, value) => total + value, 0),
  minimum: (values) => Math.min(...values),
  maximum: (values) => Math.max(...values),
  mean: (values) => values.reduce((total, value) => total + value, 0) / values.length,
  running: (values) => values.filter((value) => value !== 0).length,
};

/** A figure's value over the values of its points; at least one. */
export const aggregated = (figure: Figure, values: readonly number[]): number => aggregate[figure.over](values);

/** A single point as a figure. */
export const figureOfPoint = (point: Point): Figure => ({ key: point.definition.name, points: [point], over: 'mean' });

/** A figure's reading: over the values that can be used, with the worst trust and the oldest age of all. */
export function figureReading(figure: Figure): Reading & { readonly missing: number } {
  const readings = figure.points.map(readingAt);
  const usable = readings.filter((reading) => Number.isFinite(reading.value));
  const value =
    usable.length > 0
      ? aggregated(
          figure,
          usable.map((reading) => reading.value),
        )
      : Number.NaN;
  const worst = worstReading(readings);
  const { low, high, unit } = figure.points[0]?.definition ?? { low: null, high: null, unit: '' };
  const scale = figure.over === 'sum' ? figure.points.length : 1;
  const decimals = decimalsFor(unit, low === null ? null : low * scale, high === null ? null : high * scale, value);
  const running = figure.over === 'running';
  return {
    value,
    text: Number.isNaN(value) ? '—' : running ? `${value} / ${figure.points.length}` : numberText(value, decimals),
    unit: unitSign(unit),
    quality: worst.quality,
    trust: worst.trust,
    ageMs: worst.ageMs,
    missing: readings.length - usable.length,
  };
}

/** Name of what is measured, and how it is taken together where there is more than one point: `Inlet pressure`, `lowest`. */
export function figureName(figure: Figure): readonly [name: string, over: string] {
  const point = figure.points[0];
  const name = point?.meaning ? say(point.meaning.name) : (point?.role ?? '');
  return [name, figure.points.length > 1 && figure.over !== 'running' ? t(figure.over) : ''];
}
