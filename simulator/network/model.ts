import type { Network } from './format.ts';

const pascalPerBar = 1e5;

/** Air pressure at a height over its value at height 0 (ISO 2533 standard atmosphere, as the format states it). */
const airShare = (heightM: number): number => Math.max(0, 1 - (0.0065 * heightM) / 288.15) ** 5.255;

/** A network in arrays: nodes and links by index, links in the order pipes, valves, pumps, regulators. */
export class NetworkModel {
  readonly network: Network;
  readonly nodes: number;
  readonly links: number;
  /** Index of the first link of each kind. */
  readonly first: { readonly valves: number; readonly pumps: number; readonly regulators: number };
  readonly heightM: Float64Array;
  readonly temperatureK: Float64Array;
  /** Pressure of the air at the node, Pa. */
  readonly airPa: Float64Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Whether a link can carry: what is closed by hand cannot. */
  readonly open: Uint8Array;
  readonly lengthM: Float64Array;
  /** 0 for pumps and regulators, which have no bore of their own. */
  readonly diameterM: Float64Array;
  readonly areaM2: Float64Array;
  readonly lossCoefficient: Float64Array;
  /** Absolute pressure of a node that is fixed, Pa; NaN elsewhere. */
  readonly fixedPa: Float64Array;
  /** Absolute pressure that a regulator holds at its outlet, Pa, by place among the regulators. */
  readonly setPa: Float64Array;
  /** Temperature of what comes in at a node's fixed pressure, K. */
  readonly feedK: Float64Array;
  /** The flows of the file: node, kg/s (positive leaves the network; may be changed between solutions), and K of what comes in. */
  readonly flowNode: Int32Array;
  readonly flowKgS: Float64Array;
  readonly flowK: Float64Array;

  constructor(network: Network) {
    const { nodes, pipes, valves, pumps, regulators } = network;
    const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
    const at = (id: string) => indexOf.get(id) as number;
    const links = [...pipes, ...valves, ...pumps, ...regulators];
    const bores = [...pipes, ...valves];
    const boreFigures = (pick: (bore: (typeof bores)[number]) => number) => {
      const figures = new Float64Array(links.length);
      figures.set(bores.map(pick));
      return figures;
    };
    this.network = network;
    this.nodes = nodes.length;
    this.links = links.length;
    const firstPump = bores.length;
    this.first = { valves: pipes.length, pumps: firstPump, regulators: firstPump + pumps.length };
    this.heightM = Float64Array.from(nodes, ({ heightM }) => heightM);
    this.temperatureK = Float64Array.from(nodes, ({ temperatureK }) => temperatureK);
    this.airPa = this.heightM.map((heightM) => network.ambientPressureBar * pascalPerBar * airShare(heightM));
    this.from = Int32Array.from(links, ({ from }) => at(from));
    this.to = Int32Array.from(links, ({ to }) => at(to));
    this.open = Uint8Array.from(links, (link) => ('open' in link && !link.open ? 0 : 1));
    this.lengthM = new Float64Array(links.length);
    this.lengthM.set(pipes.map(({ lengthM }) => lengthM));
    this.diameterM = boreFigures(({ diameterM }) => diameterM);
    this.areaM2 = this.diameterM.map((diameterM) => (Math.PI * diameterM ** 2) / 4);
    this.lossCoefficient = boreFigures(({ lossCoefficient }) => lossCoefficient);
    this.fixedPa = new Float64Array(nodes.length).fill(Number.NaN);
    this.feedK = this.temperatureK.slice();
    for (const { node, pressureBar, temperatureK } of network.fixed) {
      this.fixedPa[at(node)] = this.absolutePa(at(node), pressureBar);
      if (temperatureK !== undefined) this.feedK[at(node)] = temperatureK;
    }
    this.setPa = Float64Array.from(regulators, ({ to, setBar }) => this.absolutePa(at(to), setBar));
    this.flowNode = Int32Array.from(network.flows, ({ node }) => at(node));
    this.flowKgS = Float64Array.from(network.flows, ({ massFlowKgS }) => massFlowKgS);
    this.flowK = Float64Array.from(
      network.flows,
      ({ node, temperatureK }) => temperatureK ?? (this.temperatureK[at(node)] as number),
    );
  }

  /** The highest fixed pressure, Pa absolute. */
  get highestPa(): number {
    let highest = 0;
    for (const pressure of this.fixedPa) if (pressure > highest) highest = pressure;
    return highest;
  }

  /** Gauge pressure in bar of an absolute pressure in Pa at a node. */
  gaugeBar(node: number, pressurePa: number): number {
    return (pressurePa - (this.airPa[node] as number)) / pascalPerBar;
  }

  nodeId(node: number): string {
    return this.network.nodes[node]?.id ?? '';
  }

  private absolutePa(node: number, gaugeBar: number): number {
    return gaugeBar * pascalPerBar + (this.airPa[node] as number);
  }
}
