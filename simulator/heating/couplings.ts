import type { Couplings } from '../city/couplings.ts';
import type { Plc } from '../city/plant.ts';
import type { HeatPlant } from './heat-plant.ts';
import { heatPlant as site } from './network.ts';
import { waterHeatJKgK } from './pipe.ts';
import type { Substation } from './substation.ts';

/** What surrounds a broken pipe, °C: the heat that a leak sets free is counted from here. */
const aroundC = 10;
/** Water hotter than this boils off as it escapes; of the rest, this share goes into the air as fog. */
const boilingC = 100;
const evaporationJKg = 2.257e6;
const fogShare = 0.01;
/** What a plant and a substation need beside their circulation pumps, kW. */
const plantKw = 45;
const substationKw = 2;

/** Share of escaping water that turns to vapour: flashing by heat balance, cp (T − 100 °C)/r, and fog. */
const steamShare = (waterC: number): number => fogShare + waterJKg(Math.max(0, waterC - boilingC)) / evaporationJKg;

const waterJKg = (kelvin: number): number => waterHeatJKgK * kelvin;

/** The pipes at a target: what a break loses, and how warm the water is on both sides. */
export interface PipeView {
  readonly kgS: number;
  readonly supplyC: number;
  readonly returnC: number;
}

/** Names the ends of all wires of the heating utility; gives what brings their arrivals into its parts. */
export function coupleHeating(
  couplings: Couplings,
  parts: { readonly plant: HeatPlant; readonly stations: readonly Substation[] },
  pipe: (id: string) => PipeView,
): { readonly arrive: () => void; readonly powered: (plc: Plc, asset: string) => Plc } {
  const { plant, stations } = parts;
  const consumers = [
    { id: site.id, part: plant, kw: () => plantKw + plant.pumpW / 1000 },
    ...stations.map((station) => ({
      ...{ id: station.design.id, part: station, kw: () => substationKw + station.pumpW / 1000 },
    })),
  ];
  const supplies = consumers.map(({ id, part, kw }) => {
    couplings.offer('electric-load', id, () => (part.supplied ? kw() : 0));
    couplings.offer('water-leak', id, () => pipe(id).kgS * 3.6);
    couplings.offer('heat-release', id, () => (pipe(id).kgS * waterJKg(pipe(id).supplyC - aroundC)) / 1000);
    couplings.offer('steam', id, () => pipe(id).kgS * steamShare(pipe(id).supplyC));
    couplings.offer('pipe-temperature', id, () => (pipe(id).supplyC + pipe(id).returnC) / 2);
    return couplings.take('supply', id);
  });
  for (const { design, building } of stations) couplings.offer('room-temperature', design.id, () => building.roomC);
  return {
    arrive() {
      consumers.forEach(({ part }, index) => {
        part.supplied = (supplies[index]?.() ?? 0) > 0;
      });
    },
    powered(plc, asset) {
      const control = couplings.take('control', asset);
      return { ...plc, powered: () => control() > 0 };
    },
  };
}
