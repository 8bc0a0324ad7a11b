import type { LifelineError } from '../../../edge/core/errors.ts';
import type { Random } from '../../../edge/core/random.ts';
import type { Text } from '../../../edge/core/text.ts';
import { ActiveHappenings, endMsOf } from '../../city/active.ts';
import { localSeconds } from '../../city/local-time.ts';
import type { Happening, HappeningKind, Plant, PlantAsset, PlantContext, Plc, Step, Truth } from '../../city/plant.ts';
import { Controllers } from '../../plc/controller.ts';
import { PlcSight } from '../../plc/sight.ts';
import { wearS } from '../effects.ts';
import { option } from '../epanet.ts';
import { isLeak } from '../leaks.ts';
import { downstreamOf, type MapPlace, networkAssets, type Plan, planOf } from './assets.ts';
import { DemandNoise } from './demand-noise.ts';
import { epanetErrors } from './errors.ts';
import { networkHappenings } from './happenings.ts';
import { Holes } from './holes.ts';
import { Instruments } from './instruments.ts';
import { type FirstNumbers, layOut, type NetworkLayout, type StationLayout } from './layout.ts';
import { fileNetworks } from './links.ts';
import type { NetworkLink } from './model.ts';
import { NetworkRun } from './network-run.ts';
import { NetworkView } from './network-view.ts';
import { type OpenNetwork, openNetwork } from './open.ts';
import { districtPlc, plcOf, sourcePlc, stationPlc } from './plcs.ts';
import { ProgramRunner } from './program-runner.ts';
import type { NetworkFile } from './source.ts';
import { type DriveSettings, StationDrive } from './station-drive.ts';
import { streetPlcs } from './street-telemetry.ts';
import { Totals } from './totals.ts';
import { WorkedLink } from './worked-link.ts';

/** What a network is given beside its file. */
export interface NetworkSettings {
  readonly first: FirstNumbers;
  readonly map: MapPlace;
  /** Stations that hold their pressure by variable speed, by id; the others run by the file's controls. */
  readonly drives: Readonly<Record<string, DriveSettings>>;
  /** Loggers and large customers' meters in the streets of its districts. */
  readonly telemetry: boolean;
}

/** A network in place of the city's own: counted from 1, on the city's map, run by its own controls. */
export const alone: NetworkSettings = {
  first: { station: 1, tank: 1, source: 1, district: 1 },
  map: { centre: [126.65, 45.75], sideDegrees: 0.08 },
  drives: {},
  telemetry: false,
};

/** The programs scan at least this often, s. */
const longestScanS = 300;

/** A water utility made of a user's EPANET file: its hydraulics, and PLCs that run its controls. */
class NetworkPlant implements Plant {
  readonly utility = 'water';
  readonly assets: readonly PlantAsset[];
  readonly happenings: readonly HappeningKind[];
  readonly networks: Plant['networks'];
  readonly plcs: readonly Plc[];
  private readonly file: string;
  private readonly layout: NetworkLayout;
  private readonly plan: Plan;
  private readonly run: NetworkRun;
  private readonly worked: ReadonlyMap<number, WorkedLink>;
  private readonly program: ProgramRunner;
  private readonly noise: DemandNoise;
  private readonly holes: Holes;
  private readonly totals: Totals;
  private readonly drives = new Map<StationLayout, StationDrive>();
  private readonly controllers = new Controllers();
  private outdoorC = 0;
  private aligned = false;
  private readonly active: ActiveHappenings;
  private trips: readonly { readonly pump: WorkedLink; readonly happening: Happening }[] = [];
  /** Pumps that wear, by the happening. */
  private readonly worn = new Map<Happening, WorkedLink>();

  constructor(file: string, opened: OpenNetwork, run: NetworkRun, random: Random, settings: NetworkSettings) {
    const { engine, model, program } = opened;
    this.file = file;
    this.run = run;
    const isWorked = ({ kind, index }: NetworkLink) =>
      program.links.has(index) || (kind !== 'pipe' && kind !== 'check-valve');
    this.worked = new Map(model.links.filter(isWorked).map((link) => [link.index, new WorkedLink(link)]));
    this.layout = layOut(model, program.links, settings.first);
    const { districts, stations, sources } = this.layout;
    const view = new NetworkView(model, run);
    this.totals = new Totals(view);
    const sight = new PlcSight(random.fork('sight'));
    const seenLevels = sources
      .filter(({ node }) => node.kind === 'tank')
      .map(({ id, node }) => [node.index, sight.of(`${plcOf(id)}/level`)] as const);
    this.program = new ProgramRunner(program, model, run, this.worked, new Map(seenLevels));
    const junctions = model.nodes.filter(({ kind }) => kind === 'junction').map(({ index }) => index);
    const zones = districts.map(({ zone }) => zone);
    this.noise = new DemandNoise(engine, zones, junctions, random.fork('demand'));
    this.holes = new Holes(run, engine.getOption(option.emitterExponent), random.fork('leaks'));
    const plan = planOf(model, settings.map);
    this.plan = plan;
    this.assets = networkAssets(this.layout, plan, settings.map);
    this.networks = fileNetworks({ file, view, holes: this.holes, sources, plan });
    this.happenings = networkHappenings(this.layout);
    this.active = new ActiveHappenings(this.happenings);
    const instruments = new Instruments(view);
    const chlorine = model.concentration !== undefined;
    for (const station of stations) {
      const drive = settings.drives[station.id];
      const pumps = station.pumps.flatMap(({ index }) => this.worked.get(index) ?? []);
      if (!drive) continue;
      const read = (name: string) => sight.of(`${plcOf(station.id)}/${name}`);
      const inputs = { suctionMpa: read('p-in'), dischargeMpa: read('p-out'), flowM3h: read('flow') };
      this.drives.set(station, new StationDrive(pumps, inputs, drive));
    }
    const { controllers, totals, worked, drives } = this;
    const parts = { instruments, controllers, totals, worked, drives, chlorine };
    const streets = { view, run, controllers, outdoorC: () => this.outdoorC };
    this.plcs = [
      ...stations.map((station) => sight.equip(stationPlc(station, parts))),
      ...sources.map((source) => sight.equip(sourcePlc(source, parts))),
      ...districts.map((district) => districtPlc(district, parts)),
      ...(settings.telemetry ? districts.flatMap((district) => streetPlcs(district, streets)) : []),
    ];
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.outdoorC = step.weather.outdoorC;
    if (!this.aligned) this.run.alignPatterns(localSeconds(step.timeMs - step.dtS * 1000));
    this.aligned = true;
    const parts = Math.ceil(step.dtS / longestScanS);
    const dtS = step.dtS / parts;
    for (let part = 1; part <= parts; part++) {
      const timeMs = step.timeMs - (parts - part) * dtS * 1000;
      this.endHappenings(timeMs);
      this.holes.step(timeMs);
      this.noise.step(dtS, timeMs, this.run);
      this.program.scan(localSeconds(timeMs));
      for (const drive of this.drives.values()) drive.scan(dtS);
      for (const link of this.worked.values()) link.step(dtS, this.run);
      this.run.step(dtS);
      this.totals.step(dtS);
    }
  }

  start(happening: Happening): Truth {
    const kind = this.active.start(happening);
    return isLeak(kind.kind) ? this.startLeak(happening, kind) : this.startAtPump(happening, kind);
  }

  trouble(): LifelineError | undefined {
    const { trouble } = this.run;
    return trouble === undefined ? undefined : epanetErrors.create('UNSTABLE', `${this.file}: ${trouble}`);
  }

  dispose(): void {
    this.run.dispose();
  }

  private startLeak(happening: Happening, kind: HappeningKind): Truth {
    const { target } = happening;
    const district = this.layout.districts.find(({ id }) => id === target);
    if (!district) throw new RangeError(`no district ${target}`);
    const node = this.holes.add(happening, district);
    const size = `${node.id}, ${happening.magnitude} ${kind.magnitude.unit}`;
    const affected = kind.decoy ? [target] : this.assets.map(({ id }) => id);
    const location = this.plan([node]);
    return {
      ...{ happening, decoy: kind.decoy, asset: target, affected, text: titled(target, kind.title, size) },
      ...(location ? { place: { id: node.id, location } } : {}),
    };
  }

  private startAtPump(happening: Happening, kind: HappeningKind): Truth {
    const { target } = happening;
    const pumps = this.layout.stations.find(({ id }) => id === target)?.pumps ?? [];
    const worked = pumps.flatMap(({ index }) => this.worked.get(index) ?? []);
    const pump = worked.filter(({ passing }) => passing).toSorted((a, b) => b.hours - a.hours)[0];
    if (pump && kind.kind === 'water.pump-wear') this.worn.set(happening, pump);
    else if (pump) {
      pump.fault = true;
      this.trips = [...this.trips, { pump, happening }];
    }
    const text = titled(target, kind.title, pump?.link.id ?? '—');
    return { happening, decoy: kind.decoy, asset: target, affected: downstreamOf(this.assets, target), text };
  }

  private endHappenings(timeMs: number): void {
    this.active.expire(timeMs);
    for (const [{ id, kind, target }, pump] of this.worn) {
      const lost = this.active.runs(id) ? this.active.grown(kind, target, wearS, timeMs) / 100 : 0;
      pump.health = Math.sqrt(1 - lost);
    }
    for (const { pump, happening } of this.trips) if (timeMs >= endMsOf(happening)) pump.fault = false;
    this.trips = this.trips.filter(({ happening }) => timeMs < endMsOf(happening));
  }
}

const titled = (target: string, title: Text, what: string): Text => ({
  zh: `${target} ${title.zh}（${what}）`,
  en: `${target}: ${title.en.toLowerCase()} (${what})`,
});

/** The water utility of a user's EPANET file; coded errors LL-EPANET-… for one that cannot be opened or solved. */
export async function createNetworkPlant(
  file: NetworkFile,
  { random }: Pick<PlantContext, 'random'>,
  settings = alone,
): Promise<Plant> {
  const warnings: number[] = [];
  const network = await openNetwork(file, (code) => warnings.push(code));
  const run = new NetworkRun(network.engine, network.model, warnings);
  if (run.heads.length === 0) {
    run.dispose();
    throw epanetErrors.create('UNSOLVED', `${file.name}: ${run.trouble ?? 'no solution'}`);
  }
  return new NetworkPlant(file.name, network, run, random, settings);
}
