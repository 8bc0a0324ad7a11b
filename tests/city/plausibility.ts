import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { createCity } from '../../simulator/city/city.ts';
import type { Plant, PlantContext, PlcPoint } from '../../simulator/city/plant.ts';
import { type PlantRun, runPlant } from '../gas/city-day.ts';

/** A row of a README's table of plausibility: what the city shows, and between which figures that is plausible. */
export interface PlausibleRow {
  readonly quantity: string;
  /** Figures of each season in turn, any number of each; the table tells the span of each season. */
  readonly seasons: readonly (readonly number[])[];
  readonly digits: number;
  readonly unit: string;
  /** Lowest and highest figure that is plausible, both included. */
  readonly within: readonly [low: number, high: number];
}

/** Lowest and highest of any number of figures. */
const spanOf = (values: readonly number[]): readonly [low: number, high: number] => [
  values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
  values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
];

const round = (value: number, digits: number) => Number(value.toFixed(digits)) + 0;

/** A span as the tables write it: `0.29–0.43`, `−3 … 6`, or one figure. */
function written(values: readonly number[], digits: number): string {
  const ends = spanOf(values).map((value) => round(value, digits));
  const [low = '', high = ''] = ends.map((value) =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits }).replace('-', '−'),
  );
  if (low === high) return low;
  return low.startsWith('−') ? `${low} … ${high}` : `${low}–${high}`;
}

/** Second cell of every row of the table of plausibility in a utility's README, by the first. */
function tableOf(utility: string): Map<string, string> {
  const text = readFileSync(`simulator/${utility}/README.md`, 'utf8');
  const [, after = ''] = text.split('## Plausibility');
  const [section = ''] = after.split('\n## ');
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    rows
      .slice(2)
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, quantity = '', here = '']) => [quantity, here]),
  );
}

/** Expects every figure to be plausible, and the table to hold these rows and no other, as the city shows them. */
export function expectPlausible(utility: string, rows: readonly PlausibleRow[]): void {
  for (const { quantity, seasons, within } of rows) {
    for (const values of seasons) {
      const [low, high] = spanOf(values);
      expect(values.length, quantity).toBeGreaterThan(0);
      expect(low, `lowest ${quantity}`).toBeGreaterThanOrEqual(within[0]);
      expect(high, `highest ${quantity}`).toBeLessThanOrEqual(within[1]);
    }
  }
  const here = rows.map(({ quantity, seasons, digits, unit }): [string, string] => {
    const spans = seasons.map((values) => written(values, digits)).join(' · ');
    return [quantity, unit ? `${spans} ${unit}` : spans];
  });
  expect(Object.fromEntries(tableOf(utility))).toEqual(Object.fromEntries(here));
}

/** Where a survey reads: true values by an asset's role or by `plc/point`. */
export type Reader = Pick<PlantRun, 'role' | 'point'>;
/** Figures of one moment by name, any number of each. */
type Reading = (reader: Reader) => Readonly<Record<string, readonly number[]>>;
/** All figures of a name over a stretch of time. */
export type Figures = (name: string) => readonly number[];

/** Gathers what is read again and again; RangeError for a name that was never read. */
function gathering(reader: Reader, reading: Reading): { readonly read: () => void; readonly figures: Figures } {
  const found = new Map<string, number[]>();
  return {
    read: () => {
      for (const [name, values] of Object.entries(reading(reader))) {
        const all = found.get(name);
        if (all) all.push(...values);
        else found.set(name, [...values]);
      }
    },
    figures: (name) => {
      const values = found.get(name);
      if (!values) throw new RangeError(`nothing was read as ${name}`);
      return values;
    },
  };
}

/** Figures of some days of a fully equipped plant by itself, read after every step. */
export async function survey(
  create: (context: PlantContext) => Promise<Plant>,
  start: string,
  days: number,
  stepS: number,
  reading: Reading,
): Promise<Figures> {
  const run = await runPlant((context) => create({ ...context, equipment: 'full' }), start, 1);
  const { read, figures } = gathering(run, reading);
  run.go(days * 86_400, stepS, read);
  run.plant.dispose();
  return figures;
}

/** Figures of some days of the whole default city, read after every step. */
export async function surveyCity(start: string, days: number, stepS: number, reading: Reading): Promise<Figures> {
  const city = await createCity({ seed: 1, startMs: Date.parse(start) });
  const points = new Map<string, PlcPoint>();
  for (const plc of city.plcs) {
    for (const point of plc.points) {
      points.set(`${plc.id}/${point.name}`, point);
      if (point.asset) points.set(`${point.asset}:${point.role}`, point);
    }
  }
  const valueAt = (name: string) => {
    const point = points.get(name);
    if (!point) throw new RangeError(`no point ${name}`);
    return point.read();
  };
  const reader = { role: (asset: string, role: string) => valueAt(`${asset}:${role}`), point: valueAt };
  const { read, figures } = gathering(reader, reading);
  for (let done = 0; done < days * 86_400; done += stepS) {
    city.step(stepS);
    read();
  }
  city.dispose();
  return figures;
}

/** The two weeks that the tables tell of. */
export const weeks = ['2026-01-15T00:00:00+08:00', '2026-07-13T00:00:00+08:00'] as const;
