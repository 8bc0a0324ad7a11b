import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { calibrateRows, taughtRoles } from '../../models/training/calibrate-rows.ts';
import { cityRows, memoryOf } from '../../models/training/residuals/city-rows.ts';

const minutes = 10 * 1440;
const prefixes = /^(peers|downstream|upstream)\./;

/** Columns of noise for whatever role is asked for, and which ones were. */
class AskedColumns extends Map<string, Float32Array> {
  readonly asked = new Set<string>();

  override has(): boolean {
    return true;
  }

  override get(role: string): Float32Array {
    this.asked.add(role.replace(prefixes, ''));
    const random = seededRandom(7, role);
    return new Float32Array(minutes).map(() => 50 + random.normal());
  }
}

describe('what the minutes of a city are kept of', () => {
  it('is every role that a calibration looks at, for every kind of asset, and no other', async () => {
    const { packs } = await loadPacks('models');
    const timesMs = Float64Array.from({ length: minutes }, (_, row) => Date.UTC(2026, 9, 12) + row * 60_000);
    const kinds = [...packs.values()].flatMap((pack) => Object.values(pack.assets));
    for (const kind of kinds) {
      const columns = new AskedColumns();
      calibrateRows(kind, { timesMs, columns }, 480);
      expect([...taughtRoles(kind)].sort()).toEqual([...columns.asked].sort());
    }
    expect(kinds.some((kind) => taughtRoles(kind).size > 1)).toBe(true);
  });

  it('lies in one piece of memory, beside that of the times, and says the same as all roles do', async () => {
    const startMs = Date.UTC(2026, 9, 12);
    const window = { seed: 5, startMs, hours: 3, happenings: [], utilities: ['gas'], equipment: 'lean' } as const;
    const all = await cityRows(window, 60, () => undefined);
    const [asset, rows] = [...all.assets].find(([, { columns }]) => columns.size > 2) ?? [];
    const [role = ''] = [...(rows?.columns.keys() ?? [])].slice(1);
    const some = await cityRows(window, 60, () => undefined, new Map([[asset ?? '', new Set([role])]]));
    expect([...some.assets.keys()]).toEqual([...all.assets.keys()]);
    expect([...some.assets.values()].flatMap(({ columns }) => [...columns.values()])).toEqual([
      rows?.columns.get(role),
    ]);
    expect(some.tags).toEqual(all.tags);
    expect(memoryOf(some).map(({ byteLength }) => byteLength)).toEqual([60 * 8, 60 * 4]);
    expect(memoryOf(all)).toHaveLength(2);
  });
});
