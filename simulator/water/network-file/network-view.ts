import { linkProperty, nodeProperty } from '../epanet.ts';
import type { NetworkLink, NetworkModel, NetworkNode } from './model.ts';
import type { NetworkRun } from './network-run.ts';

/** A reservoir has no ground in the file: a gauge beside it stands so far below its surface (design choice), m. */
const gaugeBelowSurfaceM = 3;

/** What instruments can see of a running network: NaN wherever there is no solution, so that nobody takes it for one. */
export class NetworkView {
  readonly model: NetworkModel;
  private readonly run: NetworkRun;

  constructor(model: NetworkModel, run: NetworkRun) {
    this.model = model;
    this.run = run;
  }

  /** Gauge pressure, m of water. */
  pressureM(node: NetworkNode): number {
    if (node.kind === 'reservoir') return this.seen(gaugeBelowSurfaceM);
    return this.seen((this.headM(node) - node.elevationM) * this.model.gravity);
  }

  headM(node: NetworkNode): number {
    return this.seen(this.run.heads[node.index - 1] ?? Number.NaN);
  }

  /** Level of a tank above its bottom, m. */
  levelM(node: NetworkNode): number {
    return this.headM(node) - node.elevationM;
  }

  /** Content of a tank, m³. */
  volumeM3(node: NetworkNode): number {
    return this.seen(this.run.nodeValue(node.index, nodeProperty.volume));
  }

  /** Flow in the link's own direction, L/s. */
  flowLps(link: NetworkLink): number {
    return this.seen(this.run.flows[link.index - 1] ?? Number.NaN);
  }

  /** Electric power of a pump as the engine has it from its efficiency, kW. */
  powerKw(pump: NetworkLink): number {
    return this.seen(this.run.linkValue(pump.index, linkProperty.power));
  }

  /** Chlorine, mg/L. */
  chlorineMgL(node: NetworkNode): number {
    return this.seen(this.run.chlorine[node.index - 1] ?? Number.NaN);
  }

  private seen(value: number): number {
    return this.run.trouble === undefined ? value : Number.NaN;
  }
}
