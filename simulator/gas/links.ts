import { type CityLink, type CityNetwork, flowOf, type LinkEnd, linkNow } from '../city/networks.ts';
import type { BreakableMains } from './broken-mains.ts';
import { specificGasConstant } from './gas.ts';
import { type DistrictDesign, districtDesigns, gateDesign, mediumPressureNetwork } from './network.ts';
import { type RegulatorStation, stationSetPa } from './regulator.ts';

/** Medium pressure A ends below this, gauge Pa (GB 50028); appliances need this at the end of a district: 0.75 × 2.0 kPa. */
const weakPa = { medium: 0.2e6, low: 1_500 } as const;
/** Shares of the set pressure below which a main counts as empty (design choice). */
const emptyShare = 0.02;
/** Above this velocity mains sing and carry dust, m/s (practice); below the other they count as standing. */
const strainedMS = 20;
const stillMS = 0.005;
const stillKgS = 1e-4;
/** Temperature at which velocities are told, K. */
const soilK = 283.15;

/** What the state of the gas mains is read from. */
export interface GasMains {
  /** Gauge pressure at a node of the medium-pressure network, Pa. */
  readonly pressurePa: (node: number) => number;
  readonly net: Pick<BreakableMains, 'pressurePa' | 'flowKgS' | 'isBroken'>;
  readonly sites: readonly { readonly design: DistrictDesign; readonly station: RegulatorStation }[];
  /** Whether gas escapes at the end of a main, by node. */
  readonly leaks: (node: number) => boolean;
}

/** Medium pressure from the gate to the stations, and the low-pressure mains of each district as one. */
export function gasNetworks(mains: GasMains): readonly CityNetwork[] {
  return [
    {
      ...{ id: 'medium-pressure', name: { zh: '中压管网', en: 'Medium pressure' }, trunk: true },
      links: mediumPressureNetwork.pipes.map((_, index) => mediumLink(mains, index)),
    },
    {
      ...{ id: 'low-pressure', name: { zh: '低压管网', en: 'Low pressure' }, trunk: false },
      links: mains.sites.map(lowLink),
    },
  ];
}

function mediumLink({ net, pressurePa, leaks }: GasMains, index: number): CityLink {
  const { nodes, pipes } = mediumPressureNetwork;
  const { from, to, diameterM } = pipes[index] as (typeof pipes)[number];
  const [first, last] = [nodes[from], nodes[to]] as [(typeof nodes)[number], (typeof nodes)[number]];
  const areaM2 = (Math.PI / 4) * diameterM ** 2;
  return {
    ...{ id: `${first.id}-${last.id}`, from: endOf(first), to: endOf(last) },
    now() {
      const density = (net.pressurePa(from) + net.pressurePa(to)) / 2 / specificGasConstant / soilK;
      const speedMS = net.flowKgS(index) / (density * areaM2);
      const highestPa = Math.max(pressurePa(from), pressurePa(to));
      const flow = flowOf(speedMS, stillMS);
      return linkNow(flow, {
        leaking: net.isBroken(index) || leaks(flow < 0 ? from : to),
        dead: highestPa < emptyShare * gateDesign.setPa,
        weak: highestPa < weakPa.medium,
        strained: Math.abs(speedMS) > strainedMS,
      });
    },
  };
}

function lowLink({ design, station }: GasMains['sites'][number]): CityLink {
  return {
    ...{ id: design.district, from: design.station, to: design.district },
    now: () =>
      linkNow(flowOf(station.outflow.drawnKgS + station.outflow.leakKgS, stillKgS), {
        leaking: station.outflow.leakKgS > 0,
        dead: station.outletPa < emptyShare * stationSetPa,
        weak: station.endPa < weakPa.low,
      }),
  };
}

/** The gate and the inlets of the stations are where their assets are. */
function endOf({ id, place }: (typeof mediumPressureNetwork.nodes)[number]): LinkEnd {
  if (id === 'gate') return gateDesign.id;
  return districtDesigns.find(({ node }) => node === id)?.station ?? place;
}
