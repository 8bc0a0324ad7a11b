import { closed, countType, type Engine, linkProperty, nodeProperty, openEngine } from './epanet.ts';
import { networkInp, patternId } from './inp.ts';
import { type DistrictId, type LandUse, type Network, station, tank, works } from './network.ts';

/**
 * The city's network in the EPANET engine, used as a snapshot solver: `solve()` finds the steady state for the
 * demands, speeds, levels and emitters set before, starting from the last one's flows. The engine's own clock never
 * moves; tank levels are integrated by the caller, so that time is one thing in one place.
 * Flows in L/s, heads and pressures in metres of water.
 */
export class Hydraulics {
  private readonly engine: Engine;
  private readonly nodes: ReadonlyMap<string, number>;
  private readonly links: ReadonlyMap<string, number>;
  private readonly patterns: ReadonlyMap<string, number>;
  private pressures: readonly number[] = [];
  private flows: readonly number[] = [];

  private constructor(engine: Engine) {
    this.engine = engine;
    this.nodes = indexById(engine.getCount(countType.nodes), (index) => engine.getNodeId(index));
    this.links = indexById(engine.getCount(countType.links), (index) => engine.getLinkId(index));
    this.patterns = indexById(engine.getCount(countType.patterns), (index) => engine.getPatternId(index));
  }

  /** An engine of its own: two plants in one process share nothing. `warn` gets the engine's warning codes. */
  static async open(network: Network, warn: (code: number) => void = () => {}): Promise<Hydraulics> {
    return new Hydraulics(await openEngine(networkInp(network), warn));
  }

  /** Consumption of one land use in one district as a multiple of its mean. */
  setDemand(district: DistrictId, use: LandUse, multiple: number): void {
    this.engine.setPatternValue(find(this.patterns, patternId(district, use)), 1, multiple);
  }

  /** Speed of a pump as a share of nominal; 0 stops it. */
  setPumpSpeed(pump: string, speed: number): void {
    const index = find(this.links, pump);
    if (speed > 0) this.engine.setLinkValue(index, linkProperty.setting, speed);
    else this.engine.setLinkValue(index, linkProperty.status, closed);
  }

  /** Water level of the clear well as head, m. */
  setWorksHead(headM: number): void {
    this.engine.setNodeValue(find(this.nodes, works.id), nodeProperty.elevation, headM);
  }

  /** Loss coefficient of an inlet valve on its velocity head. */
  setValveLoss(valve: string, coefficient: number): void {
    this.engine.setLinkValue(find(this.links, valve), linkProperty.setting, coefficient);
  }

  /** Local losses of a pipe on its velocity head. */
  setPipeLoss(pipe: string, coefficient: number): void {
    this.engine.setLinkValue(find(this.links, pipe), linkProperty.minorLoss, coefficient);
  }

  setTankLevel(levelM: number): void {
    this.engine.setNodeValue(find(this.nodes, tank.id), nodeProperty.tankLevel, levelM);
  }

  /** Orifice at a junction: flow = coefficient × √pressure, L/s and metres. */
  setEmitter(junction: string, coefficient: number): void {
    this.engine.setNodeValue(find(this.nodes, junction), nodeProperty.emitter, coefficient);
  }

  solve(): void {
    this.engine.runH();
    this.pressures = this.engine.getNodeValues(nodeProperty.pressure);
    this.flows = this.engine.getLinkValues(linkProperty.flow);
  }

  /** Gauge pressure at a node, m. */
  pressureM(node: string): number {
    return this.pressures[find(this.nodes, node) - 1] ?? 0;
  }

  /** Flow of a link in its own direction, L/s. */
  flowLps(link: string): number {
    return this.flows[find(this.links, link) - 1] ?? 0;
  }

  /** What customers draw at a junction, L/s; leaks and hydrants apart. */
  consumptionLps(junction: string): number {
    return this.engine.getNodeValue(find(this.nodes, junction), nodeProperty.consumption);
  }

  /** Flow of all pumps, L/s. */
  stationLps(): number {
    return station.pumps.reduce((sum, pump) => sum + this.flowLps(pump), 0);
  }

  /** Flow into the tank, L/s. */
  tankLps(): number {
    return this.flowLps('tank-main');
  }

  dispose(): void {
    this.engine.closeH();
    this.engine.close();
  }
}

function indexById(count: number, id: (index: number) => string): ReadonlyMap<string, number> {
  return new Map(Array.from({ length: count }, (_, position) => [id(position + 1), position + 1]));
}

function find(indexes: ReadonlyMap<string, number>, id: string): number {
  const index = indexes.get(id);
  if (index === undefined) throw new RangeError(`no "${id}" in the network`);
  return index;
}
