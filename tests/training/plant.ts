import { seededRandom } from '../../edge/core/random.ts';
import { StepGrid } from '../../models/training/step-grid.ts';

/** A Monday, midnight in UTC. */
export const startMs = Date.UTC(2026, 0, 5);
export const roles = ['flow', 'pressure', 'level', 'running', 'total', 'spare'] as const;

/** What may be wrong with the signals of a step: their values, changed in place. */
export type Disturb = (step: number, values: number[]) => void;

/**
 * A pump station of a kind: daily demand, pressure that falls with it, a level of its own, a run signal, a running total
 * and a constant. The same for a seed.
 */
export function plantGrid(seed: number, days: number, disturb: Disturb = () => undefined, stepS = 300): StepGrid {
  const random = seededRandom(seed, 'station');
  const names = roles.map((role) => `ps/${role}`);
  const grid = new StepGrid(names, { fromMs: startMs, toMs: startMs + days * 86_400_000 - 1 }, stepS);
  let [demand, level, total] = [0, 0, 0];
  for (let step = 0; step < grid.steps; step++) {
    const timeMs = grid.timeMs(step) - 1;
    demand = 0.9 * demand + random.normal();
    level = 0.95 * level + 0.1 * random.normal();
    const flow = 1200 + 200 * Math.sin((2 * Math.PI * timeMs) / 86_400_000) + 10 * demand + random.normal();
    total += flow;
    const values = [
      flow,
      0.4 - 2e-4 * (flow - 1200) + 5e-4 * random.normal(),
      3 + level,
      random.integer(0, 1),
      total,
      7,
    ];
    disturb(step, values);
    for (const [column, value] of values.entries()) grid.take(column, timeMs, value);
  }
  return grid;
}

/** What `trainAsset` is asked with. */
export const historyOf = (grid: StepGrid, more: { readonly version?: number; readonly seed?: number } = {}) => ({
  ...{ asset: 'ps-1', assetType: 'test.station', grid, utcOffsetMinutes: 0, source: 'a test', version: 1, seed: 1 },
  roles: roles.map((role, column) => ({ role, unit: role === 'level' ? 'm' : '', column })),
  ...more,
});
