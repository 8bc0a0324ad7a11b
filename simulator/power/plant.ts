import type { Random } from '../../edge/core/random.ts';
import { ActiveHappenings } from '../city/active.ts';
import type { Happening, Plant, PlantAsset, PlantContext, Step, Truth } from '../city/plant.ts';
import { Wander } from '../city/wander.ts';
import { Controllers } from '../plc/controller.ts';
import { Demand } from './demand.ts';
import { Feeder, type FeederEffects } from './feeder.ts';
import { Effects, powerHappenings, truthOf } from './happenings.ts';
import { powerNetworks } from './links.ts';
import { feeders, type SectionData, sections, services } from './network.ts';
import { Service } from './service.ts';
import { serviceMeter } from './service-meter.ts';
import { servicePlc } from './service-plc.ts';
import { type Section, Substation } from './substation.ts';
import { substationPlc } from './substation-plc.ts';

/** Standard deviation of the 66 kV grid's voltage, per unit. */
const gridWander = 0.004;

/** A line with its neighbourhood and the consumers of the city on it. */
interface Line {
  readonly feeder: Feeder;
  readonly demand: Demand;
  readonly services: readonly Service[];
  effects: FeederEffects;
  /** What its own consumers want, and what it carries with those of its ring partner, MW. */
  wantedMw: number;
  carriedMw: number;
}

/** A substation with its grid and lines. */
interface Site {
  readonly substation: Substation;
  readonly grid: Wander;
  readonly buses: readonly string[];
  /** Lines of the two sections. */
  readonly lines: readonly [readonly Line[], readonly Line[]];
}

function assetsOf(): readonly PlantAsset[] {
  const down = <T extends { readonly id: string }>(list: readonly T[]) => list.map(({ id }) => id);
  return [
    ...sections.flatMap(({ transformer, bus }): readonly PlantAsset[] => [
      { ...transformer, type: 'power.transformer', upstreamOf: [bus.id] },
      { ...bus, type: 'power.bus', upstreamOf: down(feeders.filter((feeder) => feeder.bus === bus.id)) },
    ]),
    ...feeders.map(({ id, name, grid, location }) => {
      const upstreamOf = down(services.filter(({ feeder }) => feeder === id));
      return { id, type: 'power.feeder', name, grid, location, upstreamOf };
    }),
    ...services.map(({ id, name, grid, location }) => {
      return { id, type: 'power.service', name, grid, location, upstreamOf: [] };
    }),
  ];
}

const linesOn = (lines: readonly Line[], { bus }: SectionData): readonly Line[] =>
  lines.filter(({ feeder }) => feeder.data.bus === bus.id);

function sitesOf(random: Random, lines: readonly Line[]): readonly Site[] {
  const ids = [...new Set(sections.map(({ substation }) => substation))];
  return ids.map((id) => {
    const pair = sections.filter(({ substation }) => substation === id) as [SectionData, SectionData];
    return {
      substation: new Substation(id, pair),
      grid: new Wander(random.fork(`${id}/grid`), gridWander),
      buses: pair.map(({ bus }) => bus.id),
      lines: [linesOn(lines, pair[0]), linesOn(lines, pair[1])],
    };
  });
}

const carriedBy = (lines: readonly Line[]): number => lines.reduce((sum, { carriedMw }) => sum + carriedMw, 0);

/** Displacement of the neutral by the worst earth fault among lines, 0..1. */
const displacementBy = (lines: readonly Line[]): number =>
  lines.reduce((worst, { feeder, effects }) => (feeder.closed ? Math.max(worst, effects.displacement) : worst), 0);

/** Power: 66/10 kV substations, 10 kV lines, and the distribution rooms of the city's consumers (domain reference 1.5). */
class PowerPlant implements Plant {
  readonly utility = 'power';
  readonly assets = assetsOf();
  readonly plcs;
  readonly happenings = powerHappenings;
  readonly networks;
  private readonly active = new ActiveHappenings(powerHappenings);
  private readonly effects = new Effects(this.active);
  private readonly controllers = new Controllers();
  private readonly sites: readonly Site[];
  private readonly rooms: readonly Service[] = services.map((data) => new Service(data));
  private readonly loads: readonly (() => number)[];
  private readonly lines: readonly Line[];

  constructor({ random, couplings }: PlantContext) {
    this.lines = feeders.map((data, index) => ({
      feeder: new Feeder(data, index),
      demand: new Demand(data.peakMw, random.fork(data.id)),
      services: this.rooms.filter((room) => room.data.feeder === data.id),
      effects: this.effects.feeder(data.id),
      wantedMw: 0,
      carriedMw: 0,
    }));
    this.sites = sitesOf(random, this.lines);
    for (const room of this.rooms) {
      couplings.offer('supply', room.data.id, () => room.supply);
      couplings.offer('control', room.data.id, () => (room.controls ? 1 : 0));
    }
    const bays = this.sites.flatMap(({ substation }) => substation.sections);
    this.networks = powerNetworks({ sections: bays, lines: this.lines, rooms: this.rooms });
    this.loads = this.rooms.map((room) => couplings.take('electric-load', room.data.id));
    this.plcs = [
      ...this.sites.map(({ substation, lines }) => {
        const own = lines.flat().map(({ feeder }) => feeder);
        return substationPlc(substation, own, this.controllers);
      }),
      ...this.rooms.map((room, index) => servicePlc(room, index, this.controllers)),
      ...this.rooms.flatMap((room) => serviceMeter(room) ?? []),
    ];
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.active.expire(step.timeMs);
    this.rooms.forEach((room, index) => {
      room.loadKw = this.loads[index]?.() ?? 0;
    });
    for (const line of this.lines) this.protect(line, step);
    for (const line of this.lines) line.carriedMw = this.carriedMw(line);
    for (const site of this.sites) this.stepSite(site, step);
    for (const room of this.rooms) {
      const { feeder, alternative, distanceKm } = room.data;
      const second = alternative === undefined ? undefined : this.voltageKv(alternative, distanceKm);
      room.step(step.dtS, this.voltageKv(feeder, distanceKm), second, this.effects.service(room.data.id));
    }
  }

  start(happening: Happening): Truth {
    const { decoy } = this.active.start(happening);
    const asset = this.assets.find(({ id }) => id === happening.target);
    return truthOf(happening, decoy, asset?.name ?? { zh: '', en: '' });
  }

  dispose(): void {}

  private lineOf(id: string): Line {
    const line = this.lines.find(({ feeder }) => feeder.data.id === id);
    if (!line) throw new RangeError(`power has no feeder ${id}`);
    return line;
  }

  /** What the consumers of a line want, and what its protection makes of it. */
  private protect(line: Line, step: Step): void {
    const { feeder, demand } = line;
    const { id } = feeder.data;
    line.effects = this.effects.feeder(id);
    const cityMw = line.services.reduce((sum, room) => sum + room.loadKw, 0) / 1000;
    line.wantedMw = demand.at(step) + cityMw + this.effects.overloadMw(id);
    feeder.protect(step.dtS, line.effects, line.wantedMw);
  }

  /** What a line carries: its own consumers, and those of its partner while that is switched over. */
  private carriedMw({ feeder, wantedMw }: Line): number {
    if (!feeder.closed) return 0;
    const partner = this.lineOf(feeder.data.ringWith);
    return wantedMw + (partner.effects.transferred ? partner.wantedMw : 0);
  }

  private stepSite({ substation, grid, buses, lines }: Site, step: Step): void {
    const gridPu = (1 + grid.at(step.timeMs)) * this.effects.gridShare(buses);
    const [first, second] = substation.sections;
    const effects = (section: Section) => this.effects.section(section.data.transformer.id);
    substation.step(
      step.dtS,
      { gridPu, outdoorC: step.weather.outdoorC },
      [carriedBy(lines[0]), carriedBy(lines[1])],
      [effects(first), effects(second)],
    );
    const displacements = lines.map(displacementBy);
    substation.sections.forEach((section, index) => {
      const joined = substation.tieClosed ? Math.max(...displacements) : (displacements[index] ?? 0);
      section.displacement = section.busKv > 0 ? joined : 0;
      for (const { feeder, carriedMw, effects: own } of lines[index] ?? []) {
        feeder.carry(step.dtS, carriedMw, section.busKv, own, section.displacement);
      }
    });
  }

  /** Voltage at a consumer: its line's, or the ring partner's while the line is switched over. */
  private voltageKv(id: string, distanceKm: number): number {
    const { feeder, effects } = this.lineOf(id);
    if (!effects.transferred || feeder.tripped) return feeder.voltageAt(distanceKm);
    const partner = this.lineOf(feeder.data.ringWith).feeder;
    return partner.voltageAt(partner.data.lengthKm);
  }
}

/** Makes the power utility. Its network is the same for every seed; the seed moves loads and the grid's voltage only. */
export async function createPlant(context: PlantContext): Promise<Plant> {
  return new PowerPlant(context);
}
