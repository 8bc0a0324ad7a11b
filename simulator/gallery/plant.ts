import { ActiveHappenings } from '../city/active.ts';
import type { Happening, Plant, PlantAsset, PlantContext, Step, Truth } from '../city/plant.ts';
import { soilTemperatureC } from '../city/soil.ts';
import { Wander } from '../city/wander.ts';
import { ambientPressurePa, normalFlowOf, normalTemperatureK } from '../gas/gas.ts';
import { orificeFlow } from '../gas/orifice.ts';
import { Controllers } from '../plc/controller.ts';
import { PlcSight } from '../plc/sight.ts';
import { clearLatches, type FanMode, type Latches, latch, modeFor, type Seen } from './controller.ts';
import { GalleryCouplings } from './couplings.ts';
import { fireOutput } from './fire.ts';
import { galleryHappenings } from './happenings.ts';
import { galleries, neighboursOf, sameCabin, type ZoneDesign, zoneDesigns } from './layout.ts';
import { galleryNetworks } from './links.ts';
import { Loads } from './loads.ts';
import { galleryPlc, pointPrefix } from './points.ts';
import { Zone, type ZoneInputs } from './zone.ts';

/** Longest sub-step, s. */
const longestStepS = 10;
/** Air changes per hour with fans off, by shafts; an open hatch adds this; flow through a closed fire door, m³/h. */
const shaftLeakageH = 0.2;
const hatchLeakageH = 0.5;
const doorGapM3H = 20;
/** Rain reaches the seepage with this lag, s, and multiplies it by this per mm/h. */
const rainLagS = 12 * 3600;
const rainShare = 0.5;
/** Standard deviation of the seepage around its expectation, share. */
const wanderShare = 0.15;
/** The first state is found by this many sub-steps with a wall that warms this much faster than in nature. */
const settlingSteps = 1_500;
const settlingHaste = 100;

/** What the PLC's program reads of a compartment, in the units of its points. */
type Inputs = Readonly<Record<'ch4' | 'o2' | 'h2s' | 'temp' | 'smoke', () => number>>;

/** A compartment and what the PLC's program knows of it. */
interface Compartment {
  readonly inputs: Inputs;
  readonly design: ZoneDesign;
  readonly wander: Wander;
  readonly zone: Zone;
  latches: Latches;
  mode: FanMode;
  seepageM3H: number;
}

function inputsBy(sight: PlcSight, { id, plc }: ZoneDesign): Inputs {
  const of = (name: string) => sight.of(`${plc}/${pointPrefix(id)}${name}`);
  return { ch4: of('ch4'), o2: of('o2'), h2s: of('h2s'), temp: of('temp'), smoke: of('smoke') };
}

function assetsOf(): readonly PlantAsset[] {
  return zoneDesigns.map((design, index) => {
    const next = zoneDesigns[index + 1];
    return {
      id: design.id,
      type: 'gallery.compartment',
      name: design.name,
      grid: design.grid,
      location: design.place,
      upstreamOf: next && sameCabin(design, next) ? [next.id] : [],
    };
  });
}

/** The pipe galleries: compartments of their cabins, air, water and heat in them, and the ventilation program of the PLCs. */
class GalleryPlant implements Plant {
  readonly utility = 'gallery';
  readonly assets = assetsOf();
  readonly plcs;
  readonly happenings = galleryHappenings;
  readonly networks;
  private readonly active = new ActiveHappenings(galleryHappenings);
  private readonly controllers = new Controllers();
  private readonly loads = new Loads();
  private readonly compartments: readonly Compartment[];
  private readonly outside: GalleryCouplings;
  private readonly ambientPa = ambientPressurePa(150);
  private wetness = 0;
  private nowMs = 0;
  private started = false;

  constructor(context: PlantContext) {
    const sight = new PlcSight(context.random.fork('sight'));
    this.compartments = zoneDesigns.map((design) => ({
      design,
      inputs: inputsBy(sight, design),
      wander: new Wander(context.random.fork(design.id), wanderShare),
      zone: new Zone(design, 5, 5, 0.6),
      latches: clearLatches,
      mode: 'normal',
      seepageM3H: design.seepageM3H,
    }));
    const views = this.compartments.map((entry) => ({
      zone: entry.zone,
      loads: this.loads,
      mode: () => entry.mode,
      gasLatched: () => entry.latches.gas,
      hatchOpen: () => this.people(entry) > 0,
      intruded: () => this.active.magnitude('gallery.intrusion', entry.design.id) > 0,
      lit: () => this.outside.suppliedAt(entry.design) && this.workers(entry) > 0,
      hotJointK: () => this.active.magnitude('gallery.hot-joint', entry.design.id),
      poisoned: () => this.active.magnitude('gallery.sensor-poisoning', entry.design.id) / 100,
    }));
    const own = <T extends { readonly zone: Zone }>(list: readonly T[], plc: string) =>
      list.filter(({ zone }) => zone.design.plc === plc);
    this.outside = new GalleryCouplings(context.couplings, {
      zones: (plc) => own(this.compartments, plc).map(({ zone }) => zone),
      fire: ({ id }) => ({
        kW: this.active.magnitude('gallery.fire', id),
        ageS: this.active.ageS('gallery.fire', id, this.nowMs) ?? 0,
      }),
      gasNm3H: (design) => {
        const entry = this.compartments.find((one) => one.design === design);
        return entry ? normalFlowOf(this.leakKgS(entry)) : 0;
      },
    });
    this.networks = galleryNetworks(
      this.compartments.map((entry) => ({
        zone: entry.zone,
        breached: () => this.isBreached(entry),
        supplied: () => this.outside.suppliedAt(entry.design),
      })),
    );
    this.plcs = galleries.map((gallery) =>
      sight.equip(this.outside.powered(galleryPlc(gallery, own(views, gallery.plc), this.controllers))),
    );
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.nowMs = step.timeMs;
    this.loads.step(step);
    this.active.expire(step.timeMs);
    if (!this.started) this.settle(step);
    this.outside.step(step.dtS);
    this.wetness += (step.weather.rainMmH - this.wetness) * (1 - Math.exp(-step.dtS / rainLagS));
    for (const entry of this.compartments) {
      const wet = (1 + entry.wander.at(step.timeMs)) * (1 + rainShare * this.wetness);
      entry.seepageM3H = Math.max(0, entry.design.seepageM3H * wet);
    }
    const parts = Math.ceil(step.dtS / longestStepS);
    for (let part = 0; part < parts; part++) this.advance(step, step.dtS / parts, 1);
  }

  start(happening: Happening): Truth {
    const kind = this.active.start(happening);
    const index = zoneDesigns.findIndex((design) => design.id === happening.target);
    const near = neighboursOf(index).flatMap((other) => zoneDesigns[other]?.id ?? []);
    return {
      happening,
      decoy: kind.decoy,
      asset: happening.target,
      affected: [happening.target, ...near],
      text: kind.title,
    };
  }

  dispose(): void {}

  /** Brings air and wall to rest under the first weather, so that warm-up begins without a transient. */
  private settle(step: Step): void {
    this.started = true;
    this.wetness = step.weather.rainMmH;
    const levels = this.compartments.map((entry) => entry.zone.sump.levelM);
    for (let round = 0; round < settlingSteps; round++) this.advance(step, longestStepS, settlingHaste);
    this.compartments.forEach((entry, index) => {
      entry.zone.sump.levelM = levels[index] ?? entry.design.sumpStartM;
    });
  }

  private advance(step: Step, dtS: number, wallHaste: number): void {
    this.scan();
    const before = this.compartments.map((entry) => ({ air: entry.zone.air, temperatureC: entry.zone.temperatureC }));
    this.compartments.forEach((entry, index) => {
      const neighbours = neighboursOf(index).flatMap((other) => before[other] ?? []);
      entry.zone.step(dtS, { ...this.inputsOf(entry, step), neighbours, wallHaste });
    });
  }

  /** One scan of the PLC's ventilation program. */
  private scan(): void {
    const seen = this.compartments.map((entry) => this.seenOf(entry));
    this.compartments.forEach((entry, index) => {
      entry.latches = latch(entry.latches, seen[index] as Seen);
    });
    const known = this.compartments.map((entry, index) => ({ seen: seen[index] as Seen, latches: entry.latches }));
    this.compartments.forEach((entry, index) => {
      const near = neighboursOf(index).flatMap((other) => known[other] ?? []);
      entry.mode = modeFor(entry.design, seen[index] as Seen, entry.latches, near);
    });
  }

  private seenOf(entry: Compartment): Seen {
    const { ch4, o2, h2s, temp, smoke } = entry.inputs;
    return {
      ...{ ch4: ch4(), oxygen: o2(), h2s: h2s(), temperatureC: temp(), smoke: smoke() > 0 },
      occupied: this.workers(entry) > 0,
    };
  }

  /** People with a permit. */
  private workers({ design: { id } }: Compartment): number {
    return this.active.magnitude('gallery.inspection', id) + this.active.magnitude('gallery.fire-drill', id);
  }

  private people(entry: Compartment): number {
    return this.workers(entry) + this.active.magnitude('gallery.intrusion', entry.design.id);
  }

  private inputsOf(entry: Compartment, step: Step): Omit<ZoneInputs, 'neighbours' | 'wallHaste'> {
    const { design, zone } = entry;
    const now = (kind: string) => this.active.magnitude(`gallery.${kind}`, design.id);
    const people = this.people(entry);
    const share = entry.mode === 'stop' ? 0 : design.ventilation[entry.mode] / design.ventilation.emergency;
    const fireAgeS = this.active.ageS('gallery.fire', design.id, this.nowMs);
    const fireKW = now('fire');
    const outside = this.outside.into(design);
    return {
      fanShare: share,
      fanBroken: now('fan-failure') > 0,
      freshShare: 1 - now('frozen-shutter') / 100,
      supplied: this.outside.suppliedAt(design),
      leakageH: shaftLeakageH + (people > 0 ? hatchLeakageH : 0),
      gasM3H: design.fittingsM3H + this.leakM3H(entry) + outside.gasM3H,
      inertM3H: now('oxygen-loss'),
      h2sMgS: now('sewage-gas'),
      waterM3H: entry.seepageM3H + now('water-ingress') + outside.waterM3H,
      pumpsBroken: now('pump-failure') > 0,
      heatW: outside.heatW,
      steamKgS: outside.steamKgS,
      people,
      fire: fireAgeS === undefined ? undefined : fireOutput(fireAgeS, fireKW, zone.oxygenFraction),
      cableW: this.loads.cableHeat(design),
      pipeWK: this.loads.pipeConductance(design),
      pipeC: outside.pipeC ?? this.loads.pipeC,
      outdoorC: step.weather.outdoorC,
      outdoorHumidity: step.weather.relativeHumidity,
      soilC: soilTemperatureC(step.timeMs, design.depthM),
      gapM3H: doorGapM3H,
    };
  }

  /** Gas of its own main, or water of the street, comes in. */
  private isBreached(entry: Compartment): boolean {
    return this.leakKgS(entry) > 0 || this.active.magnitude('gallery.water-ingress', entry.design.id) > 0;
  }

  /** Gas from a hole in the main, kg/s. */
  private leakKgS({ design, zone }: Compartment): number {
    const hole = this.active.magnitude('gallery.gas-leak', design.id);
    if (hole <= 0) return 0;
    const mainPa = this.ambientPa + this.outside.into(design).mainPa;
    return orificeFlow(hole, mainPa, this.ambientPa, normalTemperatureK + zone.temperatureC);
  }

  /** The same in m³/h at gallery temperature. */
  private leakM3H(entry: Compartment): number {
    const warmer = (normalTemperatureK + entry.zone.temperatureC) / normalTemperatureK;
    return normalFlowOf(this.leakKgS(entry)) * warmer;
  }
}

/** Makes the pipe gallery. Geometry and loads are the same for every seed; the seed moves the seepage only. */
export async function createPlant(context: PlantContext): Promise<Plant> {
  return new GalleryPlant(context);
}
