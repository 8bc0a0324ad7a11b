import type { Couplings } from '../city/couplings.ts';
import type { Plc } from '../city/plant.ts';
import { normalTemperatureK } from '../gas/gas.ts';
import { galleries, type ZoneDesign, zoneDesigns } from './layout.ts';
import type { Zone } from './zone.ts';

/** Water that a leak outside loosens its way with: it reaches the gallery with this time constant, s. */
const underminingS = 900;
/** Volume of a normal cubic metre at the gallery's 15 °C, m³. */
const galleryM3PerNm3 = (normalTemperatureK + 15) / normalTemperatureK;
/** A fan at rated current, a sump pump, and the lights and telemetry of a compartment, kW. */
const kwPerAmpere = 0.55;
const pumpKw = 2.2;
const houseKw = 0.6;
/** Firemen take this much water per MW of fire, L/s (GB 50974: 20 L/s for underground spaces), at most two lines' worth. */
const waterLpsPerMw = 25;
const waterMostLps = 40;
/** They arrive this long after a fire has begun, s. */
const arrivalS = 480;

/** Gauge pressure of the main in the gallery where no gas network tells it, Pa. */
const usualMainPa = 0.4e6;

/** What reaches a compartment from outside. */
interface Ingress {
  /** Natural gas through the ground, m³/h at gallery temperature. */
  gasM3H: number;
  waterM3H: number;
  heatW: number;
  steamKgS: number;
  /** Gauge pressure of its gas main, Pa. */
  mainPa: number;
  /** Mean temperature of its heat pipes, °C; undefined where no heating network tells it. */
  pipeC: number | undefined;
}

interface Arrival {
  readonly wires: Readonly<Record<'gas' | 'water' | 'heat' | 'steam' | 'mainPa' | 'pipeC', () => number>>;
  readonly ingress: Ingress;
}

/** What goes on in the galleries, for others to take. */
export interface GallerySide {
  /** Compartments under the PLC of one gallery. */
  zones(plc: string): readonly Zone[];
  /** Burning power in kW and age in s; 0 without a fire. */
  fire(design: ZoneDesign): { readonly kW: number; readonly ageS: number };
  /** Gas that the main of a compartment loses, Nm³/h. */
  gasNm3H(design: ZoneDesign): number;
}

/** Active power of one gallery's fans, pumps and house installation, kW. */
function loadKw(zones: readonly Zone[]): number {
  return zones.reduce((sum, { fans, sump }) => {
    const pumps = sump.pumps.filter(({ run }) => run).length;
    return sum + (fans[0].currentA + fans[1].currentA) * kwPerAmpere + pumps * pumpKw + houseKw;
  }, 0);
}

/** All wires of the galleries; a gallery's supply and controller are known by its PLC. */
export class GalleryCouplings {
  private readonly supplies: ReadonlyMap<string, () => number>;
  private readonly controls: ReadonlyMap<string, () => number>;
  private readonly arrivals: ReadonlyMap<ZoneDesign, Arrival>;

  constructor(couplings: Couplings, side: GallerySide) {
    this.supplies = new Map(galleries.map(({ plc }) => [plc, couplings.take('supply', plc)]));
    this.controls = new Map(galleries.map(({ plc }) => [plc, couplings.take('control', plc)]));
    for (const [plc, supply] of this.supplies) {
      couplings.offer('electric-load', plc, () => (supply() > 0 ? loadKw(side.zones(plc)) : 0));
    }
    this.arrivals = new Map(zoneDesigns.map((design) => [design, arrivalAt(couplings, design.id)]));
    for (const design of zoneDesigns) {
      couplings.offer('gas-leak', design.id, () => side.gasNm3H(design));
      couplings.offer('hydrant-use', design.id, () => hydrantLps(side.fire(design)));
    }
  }

  /** Fans, pumps and lights of a compartment have voltage. */
  suppliedAt({ plc }: ZoneDesign): boolean {
    return (this.supplies.get(plc)?.() ?? 0) > 0;
  }

  /** A gallery's PLC lives on its battery. */
  powered(plc: Plc): Plc {
    return { ...plc, powered: () => (this.controls.get(plc.id)?.() ?? 0) > 0 };
  }

  /** Takes what arrived in the step before; water finds its way through the ground with a lag. */
  step(dtS: number): void {
    const share = 1 - Math.exp(-dtS / underminingS);
    for (const { ingress, wires } of this.arrivals.values()) {
      ingress.gasM3H = wires.gas() * galleryM3PerNm3;
      ingress.waterM3H += (wires.water() - ingress.waterM3H) * share;
      ingress.heatW = 1000 * wires.heat();
      ingress.steamKgS = wires.steam();
      ingress.mainPa = known(wires.mainPa()) ?? usualMainPa;
      ingress.pipeC = known(wires.pipeC());
    }
  }

  into(design: ZoneDesign): Readonly<Ingress> {
    const arrival = this.arrivals.get(design);
    if (!arrival) throw new RangeError(`the galleries have no ${design.id}`);
    return arrival.ingress;
  }
}

/** Ends of the wires at a compartment, and what came over them. */
function arrivalAt(couplings: Couplings, id: string): Arrival {
  return {
    wires: {
      ...{ gas: couplings.take('gas-leak', id), water: couplings.take('water-leak', id) },
      ...{ heat: couplings.take('heat-release', id), steam: couplings.take('steam', id) },
      ...{ mainPa: couplings.take('gas-pressure', id), pipeC: couplings.take('pipe-temperature', id) },
    },
    ingress: { gasM3H: 0, waterM3H: 0, heatW: 0, steamKgS: 0, mainPa: usualMainPa, pipeC: undefined },
  };
}

/** A figure, or undefined for what is not a number. */
const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);

/** Water that firemen draw for a fire. */
function hydrantLps({ kW, ageS }: { readonly kW: number; readonly ageS: number }): number {
  if (kW <= 0 || ageS < arrivalS) return 0;
  return Math.min(waterMostLps, 10 + (waterLpsPerMw * kW) / 1000);
}
