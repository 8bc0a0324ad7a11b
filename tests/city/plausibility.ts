import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Plant, PlantContext } from '../../simulator/city/plant.ts';
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

/** Figures of one stretch of a plant's life, by name: everything that was read at every step. */
export async function survey(
  create: (context: PlantContext) => Promise<Plant>,
  start: string,
  days: number,
  stepS: number,
  readAll: (run: PlantRun) => Readonly<Record<string, readonly number[]>>,
): Promise<(name: string) => readonly number[]> {
  const run = await runPlant((context) => create({ ...context, equipment: 'full' }), start, 1);
  const found = new Map<string, number[]>();
  run.go(days * 86_400, stepS, () => {
    for (const [name, values] of Object.entries(readAll(run))) {
      const all = found.get(name);
      if (all) all.push(...values);
      else found.set(name, [...values]);
    }
  });
  run.plant.dispose();
  return (name) => {
    const values = found.get(name);
    if (!values) throw new RangeError(`nothing was read as ${name}`);
    return values;
  };
}

/** The two weeks that the tables tell of. */
export const weeks = ['2026-01-15T00:00:00+08:00', '2026-07-13T00:00:00+08:00'] as const;
