import { type HistoryStep, runHistory } from '../../../simulator/exam/history.ts';
import type { NormalWindow } from '../plan.ts';
import type { AssetRows } from './rows.ts';

/** A new city finds its balance in the first hours, which are left out. */
const settlingS = 2 * 3600;

/** Every asset's roles in steps of `stepS`, as the gateway would see them. */
export async function cityRows(
  window: NormalWindow,
  stepS: number,
  onDay: () => void,
): Promise<ReadonlyMap<string, AssetRows>> {
  const settled = window.startMs + settlingS * 1000;
  const length = Math.floor((window.hours * 3600 - settlingS) / stepS);
  const timesMs = new Float64Array(length);
  const assets = new Map<string, { readonly timesMs: Float64Array; readonly columns: Map<string, Float32Array> }>();
  let filled: { readonly place: number; readonly column: Float32Array }[] | undefined;
  let row = 0;
  const columnsOf = ({ points }: HistoryStep) =>
    points.flatMap(({ asset, role }, place) => {
      if (asset === undefined || role === undefined) return [];
      const column = new Float32Array(length);
      const own = assets.get(asset) ?? { timesMs, columns: new Map<string, Float32Array>() };
      assets.set(asset, own);
      own.columns.set(role, column);
      return [{ place, column }];
    });
  await runHistory({
    ...window,
    stepS,
    onStep(step) {
      if ((step.timeMs - window.startMs) % 86_400_000 === 0) onDay();
      if (step.timeMs <= settled || row >= length) return;
      filled ??= columnsOf(step);
      timesMs[row] = step.timeMs;
      for (const { place, column } of filled) column[row] = step.values[place] as number;
      row++;
    },
  });
  return assets;
}
