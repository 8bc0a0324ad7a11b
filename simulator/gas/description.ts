import type { NetworkInput } from '../network/format.ts';
import { naturalGas, normalDensityKgM3, normalTemperatureK } from './gas.ts';
import { districtDesigns, gateDesign, mediumPressureNetwork } from './network.ts';

/** Heating degree over the heating season in the mean, K (Harbin: 18 °C less about −8 °C), and the share of the year. */
const meanDegreeK = 26;
const seasonShare = 0.5;
/** Nm³ a day that a household cooks with. */
const householdNm3Day = 0.45;
const soilC = 8;

/** The medium-pressure network as its utility would describe it: pipes, heights, and what stations draw in the mean of a year. */
export function mediumPressureFile(): NetworkInput {
  const { nodes, pipes } = mediumPressureNetwork;
  const idOf = (index: number) => nodes[index]?.id ?? '';
  return {
    ...{ format: 'lifeline-network/1', name: 'medium-pressure' },
    fluid: {
      ...{ kind: 'gas', densityKgM3: normalDensityKgM3, viscosityPaS: naturalGas.viscosityPaS },
      compressibility: { offset: 1, slopePerBar: -0.0022 },
    },
    friction: 'colebrook',
    nodes: nodes.map(({ id, heightM, place: [x, y] }) => ({
      id,
      heightM,
      x,
      y,
      temperatureK: normalTemperatureK + soilC,
    })),
    pipes: pipes.map(({ from, to, lengthM, diameterM, roughnessMm }) => ({
      ...{ id: `${idOf(from)}-${idOf(to)}`, from: idOf(from), to: idOf(to) },
      ...{ lengthM: Number(lengthM.toFixed(1)), diameterM, roughnessMm },
    })),
    fixed: [{ node: 'gate', pressureBar: gateDesign.setPa / 1e5 }],
    flows: districtDesigns.map(({ node, households, boilersNm3HK }) => {
      const meanNm3H = (households * householdNm3Day) / 24 + boilersNm3HK * meanDegreeK * seasonShare;
      return { node, massFlowKgS: Number(((meanNm3H * normalDensityKgM3) / 3600).toFixed(4)) };
    }),
  };
}

/** Where its gauges are: the flow out of the gate, and the pressure before each station. */
export const mediumPressureGauges = [
  { asset: gateDesign.id, role: 'flow', into: 1, links: [{ id: 'gate', sign: 1 }] },
  ...districtDesigns.map(({ station, node }) => ({ asset: station, role: 'inlet-pressure', node })),
] as const;
