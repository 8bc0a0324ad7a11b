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

it('calls a tag by the role that it fills, after its asset where it is told of another one', async () => {
  const { gateway } = await loadGateway('examples/demo/gateway.yaml', loadContext);
  const { tagName } = buildCatalogue(gateway!, new LiveTable(gateway!.tags.size));
  const asset = gateway!.assets.find(({ type }) => type === 'water.district')!;
  const { name } = gateway!.tags.at(asset.roles['inflow']!);
  expect(tagName?.(name, asset.id)).toEqual({ zh: '进口流量', en: 'Inflow' });
  expect(tagName?.(name, 'elsewhere')).toEqual({ zh: `${asset.name} 进口流量`, en: `${asset.name} Inflow` });
  expect(tagName?.('J-117', asset.id)).toBeUndefined();
});
