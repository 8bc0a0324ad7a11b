import { type CityLink, type CityNetwork, type Coordinate, flowOf, linkNow } from '../city/networks.ts';
import { naturalGas } from '../gas/gas.ts';
import { sameCabin, type ZoneDesign, zoneDesigns } from './layout.ts';
import type { Zone } from './zone.ts';

/** Air not fit to breathe or to work in: oxygen, share of the lower explosive limit, H2S in mg/m³, °C (domain reference 2). */
const leastOxygen = 0.195;
const mostLel = 0.2;
const mostH2sMgM3 = 10;
const mostC = 50;
/** Air changes per hour below which fans count as standing. */
const stillH = 0.05;
/** Fans above their usual speed mean that the program has found something; this much above it, 1/h. */
const aboveUsualH = 0.5;

/** What the state of a compartment is read from. */
export interface CompartmentOnMap {
  readonly zone: Zone;
  /** Gas or water comes in that does not belong there. */
  readonly breached: () => boolean;
  readonly supplied: () => boolean;
}

/** The compartments of combined and gas cabins, in the direction of the air. */
export function galleryNetworks(compartments: readonly CompartmentOnMap[]): readonly CityNetwork[] {
  const inCabin = (cabin: ZoneDesign['cabin']) =>
    compartments.filter(({ zone }) => zone.design.cabin === cabin).map(compartmentLink);
  return [
    {
      ...{ id: 'combined-cabins', name: { zh: '综合舱', en: 'Combined cabins' }, trunk: true },
      links: inCabin('combined'),
    },
    { ...{ id: 'gas-cabins', name: { zh: '燃气舱', en: 'Gas cabins' }, trunk: true }, links: inCabin('gas') },
  ];
}

function compartmentLink({ zone, breached, supplied }: CompartmentOnMap): CityLink {
  const { design } = zone;
  const [from, to] = wallsOf(design);
  return {
    ...{ id: design.id, from, to, via: [design.place] },
    now() {
      const changesH = zone.fanChangesH;
      return linkNow(flowOf(changesH, stillH), {
        leaking: breached(),
        dead: !supplied(),
        weak:
          zone.oxygenFraction < leastOxygen ||
          zone.air.ch4 > mostLel * naturalGas.lowerExplosiveLimit ||
          zone.air.h2s > mostH2sMgM3 ||
          zone.temperatureC > mostC ||
          zone.smoke,
        strained: changesH > design.ventilation.normal + aboveUsualH,
      });
    },
  };
}

/** Its fire walls: halfway to the compartments beside it, and as far on the other side at the ends of the gallery. */
function wallsOf(design: ZoneDesign): readonly [Coordinate, Coordinate] {
  const index = zoneDesigns.indexOf(design);
  const [before, after] = [zoneDesigns[index - 1], zoneDesigns[index + 1]].map((other) =>
    sameCabin(design, other) ? other?.place : undefined,
  );
  const { place } = design;
  const halfway = (other: Coordinate): Coordinate => [(place[0] + other[0]) / 2, (place[1] + other[1]) / 2];
  const mirrored = (other: Coordinate): Coordinate => [2 * place[0] - other[0], 2 * place[1] - other[1]];
  const known = before ?? after ?? place;
  return [halfway(before ?? mirrored(known)), halfway(after ?? mirrored(before ?? place))];
}
