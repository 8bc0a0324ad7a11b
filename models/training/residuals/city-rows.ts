import { type HistoryStep, runHistory } from '../../../simulator/exam/history.ts';
import type { NormalWindow } from '../plan.ts';
import { type SeenOfTag, SeenTag } from '../seen-tag.ts';
import type { AssetRows } from './rows.ts';

/** A new city finds its balance in the first hours, which are left out. */
const settlingS = 2 * 3600;

/** A stretch of a city's history. */
export interface CityRows {
  readonly assets: ReadonlyMap<string, AssetRows>;
  /** What the steps tell of every tag. */
  readonly tags: ReadonlyMap<string, SeenOfTag>;
}

/** Roles that are to be learnt from, by asset. */
export type WantedRoles = ReadonlyMap<string, ReadonlySet<string>>;

/** The memory of rows, to be handed over with them. */
export function memoryOf({ assets }: CityRows): ArrayBuffer[] {
  const arrays = [...assets.values()].flatMap(({ timesMs, columns }) => [timesMs, ...columns.values()]);
  return [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))];
}

/** Every asset's roles, all of them or those that are wanted, in steps of `stepS`, as the gateway would see them. */
export async function cityRows(
  window: NormalWindow,
  stepS: number,
  onDay: () => void,
  wanted?: WantedRoles,
): Promise<CityRows> {
  const settled = window.startMs + settlingS * 1000;
  const length = Math.floor((window.hours * 3600 - settlingS) / stepS);
  const timesMs = new Float64Array(length);
  const assets = new Map<string, { readonly timesMs: Float64Array; readonly columns: Map<string, Float32Array> }>();
  let filled: { readonly place: number; readonly column: Float32Array }[] | undefined;
  let names: readonly string[] = [];
  let seen: readonly SeenTag[] = [];
  let row = 0;
  const columnsOf = ({ points }: HistoryStep) => {
    const taken = points.flatMap(({ asset, role }, place) => {
      if (asset === undefined || role === undefined) return [];
      const { columns } = assets.get(asset) ?? { columns: new Map<string, Float32Array>() };
      assets.set(asset, { timesMs, columns });
      return !wanted || wanted.get(asset)?.has(role) ? [{ place, role, columns }] : [];
    });
    // one piece of memory, which goes from thread to thread as one and back to the system as one
    const memory = new Float32Array(taken.length * length);
    return taken.map(({ place, role, columns }, index) => {
      const column = memory.subarray(index * length, (index + 1) * length);
      columns.set(role, column);
      return { place, column };
    });
  };
  await runHistory({
    ...window,
    stepS,
    onStep(step) {
      if ((step.timeMs - window.startMs) % 86_400_000 === 0) onDay();
      if (step.timeMs <= settled || row >= length) return;
      filled ??= columnsOf(step);
      if (row === 0) {
        names = step.names;
        seen = names.map(() => new SeenTag(stepS));
      }
      for (const [place, tag] of seen.entries()) tag.take(step.values[place] as number);
      timesMs[row] = step.timeMs;
      for (const { place, column } of filled) column[row] = step.values[place] as number;
      row++;
    },
  });
  const tags = new Map(seen.map((tag, place) => [names[place] as string, tag.found()] as const));
  return { assets, tags };
}
