import type { Plc } from '../../city/plant.ts';
import type { Controllers } from '../../plc/controller.ts';
import { nodeProperty } from '../epanet.ts';
import { customersPlc } from '../telemetry/customers.ts';
import type { Street } from '../telemetry/field.ts';
import { loggersPlc } from '../telemetry/loggers.ts';
import type { DistrictLayout } from './layout.ts';
import type { NetworkRun } from './network-run.ts';
import type { NetworkView } from './network-view.ts';

/** What battery devices in the streets of a network file's districts are made with. */
interface StreetParts {
  readonly view: NetworkView;
  readonly run: NetworkRun;
  readonly controllers: Controllers;
  outdoorC(): number;
}

/** Loggers and large customers' meters of a district, at all its junctions with consumers. */
export function streetPlcs(district: DistrictLayout, parts: StreetParts): readonly Plc[] {
  const places = district.zone.junctions.filter(({ demandLps }) => demandLps > 0);
  const street = streetOf(places, parts);
  return [loggersPlc(street, district.id, places, 1), customersPlc(street, district.id, places, 2)];
}

function streetOf(
  places: DistrictLayout['zone']['junctions'],
  { view, run, controllers, outdoorC }: StreetParts,
): Street {
  const nodes = new Map(places.map((node) => [node.id, node]));
  const of = (id: string, read: (node: (typeof places)[number]) => number) => {
    const node = nodes.get(id);
    return node ? read(node) : Number.NaN;
  };
  return {
    hydraulics: {
      pressureM: (id) => of(id, (node) => view.pressureM(node)),
      consumptionLps: (id) => of(id, (node) => run.nodeValue(node.index, nodeProperty.consumption)),
    },
    station: {
      get outdoorC() {
        return outdoorC();
      },
    },
    controllers,
  };
}
