import { ActiveHappenings } from '../city/active.ts';
import type { Happening, Plant, PlantAsset, PlantContext, Plc, Step, Truth } from '../city/plant.ts';
import { soilTemperatureC } from '../city/soil.ts';
import { Wander } from '../city/wander.ts';
import { Controllers } from '../plc/controller.ts';
import { PlcSight } from '../plc/sight.ts';
import { coupleHeating } from './couplings.ts';
import { breakJunction, breakKgS, effectsOn, heatingHappenings, truthOf } from './happenings.ts';
import { HeatPlant, type PlantInputs } from './heat-plant.ts';
import { heatingNetworks } from './links.ts';
import { Mains } from './mains.ts';
import { heatMeter } from './meter.ts';
import { heatPlant as site, substations, trenchDepthM } from './network.ts';
import { heatPlantPlc } from './plant-plc.ts';
import { type ControllerInputs, Substation } from './substation.ts';
import { substationPlc } from './substation-plc.ts';

/** Substations with a billing meter of their own on the bus; the others are read by hand. */
const metered: ReadonlySet<string> = new Set(['sub-1', 'sub-5', 'sub-8', 'sub-10']);
/** Longest step of controls and transport, s. */
const longestStepS = 30;
/** Substations start one after the other by this, s. */
const staggerS = 300;
/** Time in which temperatures and controls settle around the first equilibrium, s. */
const settlingS = 5 * 3600;
/** Swelling is looked at this often, s. */
const swellingS = 30;
/** Daily course of people's heat against its mean: low while they are out, high in the evening. */
const gainCourse = (hour: number): number => 1 + 0.3 * Math.cos((2 * Math.PI * (hour - 20)) / 24);
/** What those who stay at home on a day off add to it, most at 13 h, nothing at night (design choice). */
const homeGain = (hour: number): number => 0.25 * Math.max(0, Math.cos((2 * Math.PI * (hour - 13)) / 24));

/** What runs by chance around one substation. */
interface Chance {
  /** Difference of the local air to the city's, K. */
  readonly airK: Wander;
  readonly gains: Wander;
}

function assetsOf(): readonly PlantAsset[] {
  const plant = { ...site, type: 'heating.plant', upstreamOf: substations.map(({ id }) => id) };
  return [
    plant,
    ...substations.map(({ id, name, grid, location }) => ({
      id,
      type: 'heating.substation',
      name,
      grid,
      location,
      upstreamOf: [],
    })),
  ];
}

/** What the programs of the plant and of a substation read. */
function plantInputs(sight: PlcSight): PlantInputs {
  const input = (name: string, scale = 1) => {
    const read = sight.of(`${site.id}/${name}`);
    return () => scale * read();
  };
  return {
    outdoorC: input('outdoor-temp'),
    supplyC: input('supply-temp'),
    suctionPa: input('return-press', 1e6),
    farDifferencePa: input('far-difference', 1000),
  };
}

function controllerInputs(sight: PlcSight, substation: string): ControllerInputs {
  const input = (name: string) => sight.of(`heat-${substation}/${name}`);
  return { outdoorC: input('outdoor-temp'), supplyC: input('s-supply-temp'), roomC: input('room-temp') };
}

/** District heating of twelve substations on one plant (domain reference 1.2). */
class HeatingPlant implements Plant {
  readonly utility = 'heating';
  readonly assets = assetsOf();
  readonly plcs;
  readonly happenings = heatingHappenings;
  readonly networks;
  private readonly active = new ActiveHappenings(heatingHappenings);
  private readonly controllers = new Controllers();
  private readonly source: HeatPlant;
  private readonly stations: readonly Substation[];
  private readonly mains: Mains;
  private readonly chances: readonly Chance[];
  private readonly firing: Wander;
  private readonly returnsC: number[] = substations.map(() => 0);
  private outdoorC = 0;
  /** Water that leaves by breaks, kg/s, by target. */
  private readonly leaksKgS = new Map<string, number>();
  private leakKgS = 0;
  private readonly coupled: ReturnType<typeof coupleHeating>;
  private nowS = 0;
  private started = false;
  private swelledM3 = 0;
  private swellingAgeS = 0;
  private swellingM3S = 0;

  constructor({ random, couplings }: PlantContext) {
    const sight = new PlcSight(random.fork('sight'));
    this.source = new HeatPlant(plantInputs(sight));
    this.stations = substations.map(
      (design, index) => new Substation(design, controllerInputs(sight, design.id), staggerS * (index + 1)),
    );
    this.mains = new Mains(
      this.stations.map(({ design, loss }) => ({ id: design.id, loss })),
      this.source.loss,
    );
    this.networks = heatingNetworks(this.mains, this.source, this.stations);
    this.firing = new Wander(random.fork('firing'), 0.5);
    this.chances = substations.map(({ id }) => ({
      airK: new Wander(random.fork(`${id}/air`), 0.3),
      gains: new Wander(random.fork(`${id}/gains`), 0.08),
    }));
    const { source: plant, mains } = this;
    const views = this.stations.map((substation, index) => ({
      ...{ substation, mains, primaryKgS: () => mains.branchKgS(index), suctionPa: () => plant.suctionPa },
    }));
    this.coupled = coupleHeating(couplings, { plant, stations: this.stations }, (id) => ({
      kgS: this.leaksKgS.get(id) ?? 0,
      supplyC: mains.temperatureC(breakJunction(id), 'supply'),
      returnC: mains.temperatureC(breakJunction(id), 'return'),
    }));
    const powered = (plc: Plc, asset: string) => sight.equip(this.coupled.powered(plc, asset));
    const idOf = (view: { readonly substation: Substation }) => view.substation.design.id;
    this.plcs = [
      powered(
        heatPlantPlc({ plant, mains, outdoorC: () => this.outdoorC, leakKgS: () => this.leakKgS }, this.controllers),
        site.id,
      ),
      ...views.map((view, index) => powered(substationPlc(view, index, this.controllers), idOf(view))),
      ...views.filter((view) => metered.has(idOf(view))).map((view) => powered(heatMeter(view), idOf(view))),
    ];
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.active.expire(step.timeMs);
    this.coupled.arrive();
    this.outdoorC = step.weather.outdoorC;
    this.stations.forEach((station) => {
      station.effects = effectsOn(this.active, station.design.id, step.timeMs);
    });
    this.source.trippedShare = this.active.magnitude('heating.boiler-trip', site.id) / 100;
    this.source.surgeKgS = this.active.magnitude('heating.makeup-surge', site.id);
    if (!this.started) this.settle(step);
    for (let leftS = step.dtS; leftS > 1e-9; ) {
      this.flow();
      const fittingS = Math.min(longestStepS, this.mains.longestStepS());
      const dtS = leftS / Math.ceil(leftS / fittingS);
      this.move(dtS, step);
      leftS -= dtS;
    }
  }

  start(happening: Happening): Truth {
    const { decoy } = this.active.start(happening);
    const asset = this.assets.find(({ id }) => id === happening.target);
    return truthOf(happening, decoy, asset?.name ?? site.name);
  }

  dispose(): void {}

  /** Starts at the equilibrium of the first weather: rooms algebraically, water and controls by running at rest. */
  private settle(step: Step): void {
    const { heatingSeason: season, weather } = step;
    const groundC = soilTemperatureC(step.timeMs, trenchDepthM);
    this.source.settle(season, weather.outdoorC);
    this.mains.fill(season ? this.source.supplyC : groundC, season ? 45 : groundC, this.nowS);
    for (const station of this.stations) {
      station.settle({ ...this.surroundings(0, step), outdoorC: weather.outdoorC });
    }
    this.started = true;
    if (!season) return;
    const rooms = this.stations.map(({ building }) => [building.roomC, building.massC] as const);
    for (let doneS = 0; doneS < settlingS; doneS += longestStepS) {
      this.flow();
      this.move(Math.min(longestStepS, this.mains.longestStepS()), step);
      this.stations.forEach(({ building }, index) => {
        [building.roomC, building.massC] = rooms[index] ?? [building.roomC, building.massC];
      });
    }
  }

  /** Flows and pressures for the present valves, pumps and leaks. */
  private flow(): void {
    const { mains, source } = this;
    this.leakKgS = 0;
    for (const { id } of this.assets) {
      const junction = breakJunction(id);
      const pressurePa = 1e6 * mains.pressureMPa(junction, 'supply', source.suctionPa);
      const kgS = breakKgS(this.active, id, pressurePa);
      mains.leak(junction, kgS);
      this.leaksKgS.set(id, kgS);
      this.leakKgS += kgS;
    }
    if (source.speed > 0) mains.network.solve();
    else mains.network.rest();
  }

  /** Moves heat and everything that turns, by one sub-step. */
  private move(dtS: number, step: Step): void {
    const { mains, source, stations, nowS } = this;
    const groundC = soilTemperatureC(step.timeMs, trenchDepthM);
    const swellingM3S = this.swelling(dtS, groundC);
    mains.arrive(dtS, nowS, groundC, source.supplyC);
    stations.forEach((station, index) => {
      const inC = mains.temperatureC(station.design.id, 'supply');
      station.step(dtS, { kgS: mains.branchKgS(index), inC }, this.surroundings(index, step));
      this.returnsC[index] = station.primaryReturnC;
    });
    mains.giveBack(dtS, groundC, this.returnsC, source.makeupKgS, source.makeupC);
    source.step(dtS, {
      season: step.heatingSeason,
      flowKgS: mains.circulationKgS,
      leakKgS: this.leakKgS,
      returnC: mains.temperatureC('plant', 'return'),
      farDifferencePa: Math.min(...stations.map(({ design }) => mains.differencePa(design.id))),
      swellingM3S,
      firingK: this.firing.at(step.timeMs),
    });
    mains.depart(dtS, nowS);
    this.nowS += dtS;
  }

  /** Rate at which the network's water swells, m³/s, from one look at its full pipes to the next. */
  private swelling(dtS: number, groundC: number): number {
    this.swellingAgeS += dtS;
    if (this.swellingAgeS >= swellingS) {
      const volumeM3 = this.mains.swellingM3(this.nowS, groundC);
      this.swellingM3S = this.swelledM3 === 0 ? 0 : (volumeM3 - this.swelledM3) / this.swellingAgeS;
      this.swelledM3 = volumeM3;
      this.swellingAgeS = 0;
    }
    return this.swellingM3S;
  }

  private surroundings(index: number, { timeMs, hour, heatingSeason, workday, weather }: Step) {
    const chance = this.chances[index];
    return {
      season: heatingSeason,
      nowS: this.nowS,
      groundC: soilTemperatureC(timeMs, trenchDepthM),
      outdoorC: weather.outdoorC + (chance?.airK.at(timeMs) ?? 0),
      windMS: weather.windMS,
      solarWM2: weather.solarWM2,
      gainFactor: gainCourse(hour) + (workday ? 0 : homeGain(hour)) + (chance?.gains.at(timeMs) ?? 0),
    };
  }
}

/** Makes the heating utility; it finds its equilibrium at the first step. */
export async function createPlant(context: PlantContext): Promise<Plant> {
  return new HeatingPlant(context);
}
