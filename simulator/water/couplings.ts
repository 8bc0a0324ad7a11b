import type { Couplings } from '../city/couplings.ts';
import type { Plc } from '../city/plant.ts';
import type { DistrictId } from './network.ts';

/** Lighting, ventilation and telemetry of the station, kW. */
const houseKw = 9;

/** What the water utility shows of itself over its wires. */
export interface WaterSide {
  readonly districts: readonly DistrictId[];
  pumpKw(): number;
  /** Water that escapes under a district's streets, L/s. */
  escapingLps(district: DistrictId): number;
}

/** What reaches a district. */
interface DistrictArrivals {
  readonly id: DistrictId;
  /** Water that firemen draw, L/s. */
  readonly hydrantLps: () => number;
  /** Mean temperature of heated rooms, °C. */
  readonly roomC: () => number;
}

/** All wires of the water utility. */
export class WaterCouplings {
  readonly districts: readonly DistrictArrivals[];
  /** Voltage of the station's switchboard, per unit. */
  readonly supply: () => number;
  private readonly control: () => number;

  constructor(couplings: Couplings, station: string, side: WaterSide) {
    this.supply = couplings.take('supply', station);
    this.control = couplings.take('control', station);
    couplings.offer('electric-load', station, () => (this.supply() > 0 ? houseKw + side.pumpKw() : 0));
    this.districts = side.districts.map((id) => {
      couplings.offer('water-leak', id, () => 3.6 * side.escapingLps(id));
      const hydrantLps = couplings.take('hydrant-use', id);
      return { id, hydrantLps, roomC: couplings.take('room-temperature', id) };
    });
  }

  /** A PLC of the station: it lives on the station's battery. */
  powered(plc: Plc): Plc {
    return { ...plc, powered: () => this.control() > 0 };
  }
}
