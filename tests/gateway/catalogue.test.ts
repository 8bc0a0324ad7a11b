import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { buildCatalogue } from '../../edge/gateway/catalogue.ts';

it('a device that bears the name of its asset is lost like any other, and the asset feeds what it feeds', async () => {
  const { gateway } = await loadGateway('examples/demo/gateway.yaml', loadContext);
  const { alarm, subject, topology } = buildCatalogue(gateway!, new LiveTable(gateway!.tags.size));
  const id = 'heat-plant-1';
  expect(gateway!.devices.some(({ definition }) => definition.id === id)).toBe(true);
  expect(subject(id)?.utility).toBe('heating');
  expect([alarm(id, 'lost'), alarm(id, 'primary-break'), alarm(id, 'stuck')]).not.toContain(undefined);
  expect(topology.distance(id, 'sub-11')).toBe(1);
});
