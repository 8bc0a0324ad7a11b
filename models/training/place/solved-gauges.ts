import type { Gauge } from '../../../edge/core/gauge.ts';
import { linkProperty, nodeProperty } from '../../../simulator/water/epanet.ts';
import type { OpenNetwork } from '../../../simulator/water/network-file/open.ts';

/** kPa per metre of water (1000 kg/m³, 9.80665 m/s²). */
const kpaPerM = 9.80665;
/** Warnings of the engine after which a solution is none. */
const unsettled: ReadonlySet<number> = new Set([1, 2]);

/** What gauges of an open network show in the steady state that is set: pressures in kPa, flows in L/s. */
export class SolvedGauges {
  private readonly network: OpenNetwork;
  private readonly warnings: number[];
  private readonly read: readonly ((pressuresM: readonly number[], flowsLps: readonly number[]) => number)[];

  /**
   * RangeError for a gauge at a node or link that the network does not have.
   * @param warnings where the engine's warning codes arrive; each solution takes them out
   */
  constructor(network: OpenNetwork, gauges: readonly Gauge[], warnings: number[]) {
    const nodes = new Map(network.model.nodes.map(({ id, index }) => [id, index]));
    const links = new Map(network.model.links.map(({ id, index }) => [id, index]));
    const place = (known: ReadonlyMap<string, number>, id: string) => {
      const index = known.get(id);
      if (index === undefined) throw new RangeError(`no "${id}" in the network`);
      return index - 1;
    };
    this.network = network;
    this.warnings = warnings;
    this.read = gauges.map((gauge) => {
      if ('node' in gauge) {
        const at = place(nodes, gauge.node);
        return (pressuresM) => kpaPerM * (pressuresM[at] ?? Number.NaN);
      }
      const counted = gauge.links.map(({ id, sign }) => ({ at: place(links, id), sign }));
      return (_, flowsLps) => counted.reduce((sum, { at, sign }) => sum + sign * (flowsLps[at] ?? Number.NaN), 0);
    });
  }

  /** NaN at all of them where the equations do not settle. */
  solve(): Float64Array {
    const { engine } = this.network;
    engine.runH();
    const settled = !this.warnings.splice(0).some((code) => unsettled.has(code));
    const pressuresM = engine.getNodeValues(nodeProperty.pressure);
    const flowsLps = engine.getLinkValues(linkProperty.flow);
    return Float64Array.from(this.read, (read) => (settled ? read(pressuresM, flowsLps) : Number.NaN));
  }
}
