import type { Couplings } from '../city/couplings.ts';
import type { Plc } from '../city/plant.ts';
import type { DistrictId } from './network.ts';

/** Lighting, ventilation and telemetry of the station, kW. */
const houseKw = 9;
/** Telemetry and heater of a district's chamber, kW. */
const chamberKw = 0.4;

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
  private readonly supplies: ReadonlyMap<string, () => number>;
  private readonly controls: ReadonlyMap<string, () => number>;

  constructor(couplings: Couplings, station: string, side: WaterSide) {
    const places = [station, ...side.districts];
    this.supplies = new Map(places.map((place) => [place, couplings.take('supply', place)]));
    this.controls = new Map(places.map((place) => [place, couplings.take('control', place)]));
    couplings.offer('electric-load', station, () => (this.supplied(station) ? houseKw + side.pumpKw() : 0));
    this.districts = side.districts.map((id) => {
      couplings.offer('electric-load', id, () => (this.supplied(id) ? chamberKw : 0));
      couplings.offer('water-leak', id, () => 3.6 * side.escapingLps(id));
      const hydrantLps = couplings.take('hydrant-use', id);
      return { id, hydrantLps, roomC: couplings.take('room-temperature', id) };
    });
  }

  /** Voltage at the station or at a district's chamber, per unit. */
  supply(place: string): number {
    return this.supplies.get(place)?.() ?? 0;
  }

  supplied(place: string): boolean {
    return this.supply(place) > 0;
  }

  /** A PLC that lives on the battery of its place. */
  powered(place: string, plc: Plc): Plc {
    return { ...plc, powered: () => (this.controls.get(place)?.() ?? 0) > 0 };
  }
}
