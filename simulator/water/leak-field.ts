import type { Random } from '../../edge/core/random.ts';
import type { Happening } from '../city/plant.ts';
import { leakageShare } from './demand.ts';
import type { Hydraulics } from './hydraulics.ts';
import { coefficientOf, isDrawn, type Leak, leakAt, opening } from './leaks.ts';
import type { DistrictId, Junction, Network } from './network.ts';

/** A pressure that falls by this when a leak opens is a consequence, m. */
const sagM = 0.4;
/** √m of the head (36 m) at which background leakage has its nominal flow. */
const backgroundRootM = 6;

/** All water that leaves the network unasked: background leakage at every junction, and the holes of happenings. */
export class LeakField {
  private readonly hydraulics: Hydraulics;
  private readonly network: Network;
  private readonly random: Random;
  private leaks: readonly Leak[] = [];
  /** Water that firemen draw, L/s at 30 m head, by the hydrant. */
  private readonly drawn = new Map<Junction, number>();
  private readonly background = new Map<DistrictId, number>();
  private nowMs = 0;

  constructor(network: Network, hydraulics: Hydraulics, random: Random) {
    this.network = network;
    this.hydraulics = hydraulics;
    this.random = random;
    for (const junction of network.junctions) this.setHole(junction, 0);
  }

  /** Puts a hole where a happening of a leak's kind strikes; it opens from its start on. */
  add(happening: Happening): Leak {
    const leak = leakAt(this.placeFor(happening), happening);
    this.leaks = [...this.leaks, leak];
    return leak;
  }

  /** Opens, grows and ends the holes as of a moment. */
  step(timeMs: number): void {
    this.nowMs = timeMs;
    if (this.leaks.length === 0) return;
    const touched = new Set(this.leaks.map((leak) => leak.junction));
    this.leaks = this.leaks.filter((leak) => opening(leak.happening, timeMs) !== undefined);
    for (const junction of touched) this.setHole(junction, this.holeAt(junction, timeMs));
  }

  /** Firemen open a hydrant of a district for so many L/s at 30 m head; 0 closes it. */
  draw(district: DistrictId, flowLps: number): void {
    const hydrant = this.network.junctions.find((junction) => junction.district === district && junction.hydrant);
    if (!hydrant || (this.drawn.get(hydrant) ?? 0) === flowLps) return;
    this.drawn.set(hydrant, flowLps);
    this.setHole(hydrant, this.holeAt(hydrant, this.nowMs));
  }

  /** Water that is drawn from the hydrant at a junction, L/s. */
  hydrantLps(junction: string): number {
    const root = Math.sqrt(Math.max(0, this.hydraulics.pressureM(junction)));
    const opened = this.leaks
      .filter(({ junction: { id }, happening }) => id === junction && isDrawn(happening.kind))
      .reduce((sum, { coefficient, happening }) => sum + coefficient * (opening(happening, this.nowMs) ?? 0), 0);
    const drawn = [...this.drawn].find(([{ id }]) => id === junction)?.[1] ?? 0;
    return (opened + coefficientOf(drawn)) * root;
  }

  /** Whether a pipe at a junction is broken or leaks by what has happened; hydrants are no holes. */
  hasHole(junction: string): boolean {
    return this.leaks.some(
      ({ junction: { id }, happening }) =>
        id === junction && !isDrawn(happening.kind) && (opening(happening, this.nowMs) ?? 0) > 0,
    );
  }

  /** Water that escapes under the streets of a district, L/s: what happenings have opened, hydrants apart. */
  escapingLps(district: DistrictId): number {
    return this.leaks
      .filter(({ junction, happening }) => junction.district === district && !isDrawn(happening.kind))
      .reduce((sum, leak) => {
        const headM = Math.max(0, this.hydraulics.pressureM(leak.junction.id));
        return sum + leak.coefficient * (opening(leak.happening, this.nowMs) ?? 0) * Math.sqrt(headM);
      }, 0);
  }

  /** Districts in which a sensor sags when a leak is fully open now; a trial solve, undone at once. */
  sagging(leak: Leak, timeMs: number): DistrictId[] {
    const { districts } = this.network;
    const pressures = () =>
      districts.map(({ sensors }) => Object.values(sensors).map((node) => this.hydraulics.pressureM(node)));
    const before = pressures();
    const present = this.holeAt(leak.junction, timeMs);
    this.setHole(leak.junction, present + leak.coefficient);
    this.hydraulics.solve();
    const after = pressures();
    this.setHole(leak.junction, present);
    this.hydraulics.solve();
    const sags = (district: number) =>
      before[district]?.some((value, sensor) => value - (after[district]?.[sensor] ?? value) > sagM);
    return districts.filter((_, district) => sags(district)).map(({ id }) => id);
  }

  /** Coefficient of all holes at a junction at a moment. */
  private holeAt(junction: Junction, timeMs: number): number {
    const drawn = coefficientOf(this.drawn.get(junction) ?? 0);
    return this.leaks
      .filter((leak) => leak.junction === junction)
      .reduce((sum, leak) => sum + leak.coefficient * (opening(leak.happening, timeMs) ?? 0), drawn);
  }

  /** Background leakage of a district as a multiple of its usual one. */
  setBackground(district: DistrictId, factor: number): void {
    if ((this.background.get(district) ?? 1) === factor) return;
    this.background.set(district, factor);
    for (const junction of this.network.junctions) {
      if (junction.district === district) this.setHole(junction, this.holeAt(junction, this.nowMs));
    }
  }

  private setHole(junction: Junction, coefficient: number): void {
    if (!junction.district) return;
    const factor = this.background.get(junction.district) ?? 1;
    const background = (factor * leakageShare * junction.demandLps) / backgroundRootM;
    this.hydraulics.setEmitter(junction.id, background + coefficient);
  }

  /** Where a leak opens: a hydrant for a flush, else any junction of the district away from its meter. */
  private placeFor({ id, kind, target }: Happening): Junction {
    const inlet = this.network.districts.find((district) => district.id === target)?.inlet.to;
    const places = this.network.junctions.filter(
      (junction) => junction.district === target && junction.id !== inlet && (!isDrawn(kind) || junction.hydrant),
    );
    const place = places[this.random.fork(id).integer(0, places.length - 1)];
    if (!place) throw new RangeError(`no place for ${kind} in ${target}`);
    return place;
  }
}
