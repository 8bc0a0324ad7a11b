import type { Plc } from '../../city/plant.ts';
import { districtFlowMeter, pumpController } from '../meters.ts';
import type { District } from '../network.ts';
import type { DistrictState } from '../state.ts';
import { Chambers } from './chambers.ts';
import { customersPlc } from './customers.ts';
import type { Field } from './field.ts';
import { hydrantsPlc } from './hydrants.ts';
import { loggersPlc } from './loggers.ts';
import { districtQualityPlc, worksQualityPlc } from './quality-stations.ts';

/** What a fully equipped utility has in its streets beside stations and district meters. */
export class Telemetry {
  readonly plcs: readonly Plc[];
  private readonly chambers: readonly Chambers[];

  constructor(field: Field, districts: readonly DistrictState[]) {
    this.chambers = districts.map(({ district }) => new Chambers(field, district));
    this.plcs = [
      worksQualityPlc(field, 1),
      // The first pump's controller belongs to every city, as does the first district's clamp-on meter.
      ...field.station.control.pumps.slice(1).map((_, index) => pumpController(field.station, index + 1)),
      ...districts.slice(1).map(districtFlowMeter),
      ...districts.flatMap((state, index) => [
        loggersPlc(field, state.district.id, ungauged(field, state.district), 1),
        customersPlc(field, state.district.id, inside(field, state.district), 2),
        hydrantsPlc(field, state.district, 3),
        ...(this.chambers[index] ? [this.chambers[index].plc(4)] : []),
        districtQualityPlc(field, state, 5),
      ]),
    ];
  }

  step(dtS: number): void {
    for (const chamber of this.chambers) chamber.step(dtS);
  }
}

const inside = ({ network }: Field, { id }: District) => network.junctions.filter(({ district }) => district === id);

/** Junctions of a district that have no gauge of its controller. */
function ungauged(field: Field, district: District) {
  const gauged = new Set(Object.values(district.sensors));
  return inside(field, district).filter(({ id }) => !gauged.has(id));
}
