import { expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { Wiring } from '../../simulator/city/couplings.ts';
import type { Equipment } from '../../simulator/city/plant.ts';
import { plants } from '../../simulator/city/plants.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';

/** PLCs and points that clients find in a city as it is built. */
async function sizeOf(equipment: Equipment): Promise<{ readonly plcs: number; readonly points: number }> {
  const wiring = new Wiring();
  let [plcs, points] = [0, 0];
  for (const [utility, create] of Object.entries(plants)) {
    const plant = await create({ random: seededRandom(3), couplings: wiring.of(utility), equipment });
    plcs += plant.plcs.length;
    for (const plc of plant.plcs) points += selfTelling(plc).plc.points.length;
    plant.dispose();
  }
  return { plcs, points };
}

it('a fully equipped city has more than forty PLCs with five thousand points, a lean one more than forty too', async () => {
  const [lean, full] = [await sizeOf('lean'), await sizeOf('full')];
  expect(lean.plcs).toBeGreaterThan(40);
  expect(full.plcs).toBeGreaterThan(lean.plcs);
  expect(full.points).toBeGreaterThan(5000);
});
