import { ActiveHappenings } from '../city/active.ts';
import type { Happening, Plant, PlantAsset, PlantContext, Plc, Step, Truth } from '../city/plant.ts';
import { Controllers } from '../plc/controller.ts';
import { PlcSight } from '../plc/sight.ts';
import { wettedArea } from './circular-pipe.ts';
import { Effects } from './effects.ts';
import { drainageHappenings, truthOf } from './happenings.ts';
import { Headspace } from './headspace.ts';
import { type ManholeDesign, manholeDesigns, nodeIndex, shaftM2, stationDesigns, underpassDesigns } from './layout.ts';
import { drainageNetworks } from './links.ts';
import { ManholeRtu, type ManholeTruth, manholePlc } from './manhole-rtu.ts';
import { type PumpView, plcOf } from './pump-points.ts';
import { Floats, PumpProgram } from './pump-program.ts';
import { RainGauge } from './rain-gauge.ts';
import { stationPlc } from './station-plc.ts';
import { underpassPlc } from './underpass-plc.ts';
import { type Station, type UnderpassSite, Waters } from './waters.ts';

/** Longest sub-step, s. */
const longestStepS = 30;
/** The air of a manhole mixes with that of the sewer over this length, m; when all is full, this much is left, m³. */
const mixedM = 20;
const leastAirM3 = 0.5;
/** The barrier goes down at this depth on the road, and up again below the other, m. */
const barrierM = { down: 0.27, up: 0.1 } as const;

interface Manhole {
  readonly design: ManholeDesign;
  readonly node: number;
  readonly headspace: Headspace;
  readonly rtu: ManholeRtu;
}

interface Controlled<T> {
  readonly site: T;
  readonly program: PumpProgram;
  readonly floats: Floats;
  /** What the program reads of its well, m above the bottom. */
  readonly level: () => number;
  pumpedM3: number;
}

function assetsOf(): readonly PlantAsset[] {
  const pumpedTo = new Map(underpassDesigns.map(({ id, to }) => [id, to]));
  const asset = (
    type: string,
    { id, name, grid, location }: Omit<PlantAsset, 'type' | 'upstreamOf'>,
    next?: string,
  ) => ({
    ...{ id, type: `drainage.${type}`, name, grid, location },
    upstreamOf: next === undefined ? [] : [next],
  });
  return [
    ...manholeDesigns.map((design) => asset('manhole', design, design.to)),
    ...stationDesigns.map((design) => asset('pump-station', design)),
    ...underpassDesigns.map((design) => asset('underpass', design, pumpedTo.get(design.id))),
  ];
}

/** The drainage: catchments, sewers with their air, pump stations and underpasses, each with its controller. */
class DrainagePlant implements Plant {
  readonly utility = 'drainage';
  readonly assets = assetsOf();
  readonly plcs: readonly Plc[];
  readonly happenings = drainageHappenings;
  readonly networks;
  private readonly active = new ActiveHappenings(drainageHappenings);
  private readonly controllers = new Controllers();
  private readonly effects: Effects;
  private readonly waters: Waters;
  private readonly gauge = new RainGauge();
  private readonly manholes: readonly Manhole[];
  private readonly stations: readonly Controlled<Station>[];
  private readonly underpasses: readonly Controlled<UnderpassSite>[];
  private readonly barriers = new Set<string>();

  constructor({ random, couplings }: PlantContext) {
    this.effects = new Effects(this.active, couplings);
    this.waters = new Waters(random.fork('waters'));
    this.networks = drainageNetworks(this.waters, this.effects);
    this.manholes = manholeDesigns.map((design) => ({
      design,
      node: nodeIndex(design.id),
      headspace: new Headspace(),
      rtu: new ManholeRtu(design, random.fork(`${design.id}/rtu`)),
    }));
    const sight = new PlcSight(random.fork('sight'));
    const controlled = <T extends Station | UnderpassSite>(site: T, id: string): Controlled<T> => ({
      site,
      program: new PumpProgram(site.group),
      floats: new Floats(site.group.design.levelsM),
      level: sight.of(`${plcOf(id)}/level`),
      pumpedM3: 0,
    });
    this.stations = this.waters.stations.map((site) => controlled(site, site.design.id));
    this.underpasses = this.waters.underpasses.map((site) => controlled(site, site.underpass.design.id));
    for (const { id, group } of this.groups()) couplings.offer('electric-load', id, () => group.powerKW);
    const powered = (id: string, plc: Plc): Plc => sight.equip({ ...plc, powered: () => this.effects.controls(id) });
    this.plcs = [
      ...this.stations.map((entry) => powered(entry.site.design.id, this.stationPlc(entry))),
      ...this.underpasses.map((entry) => powered(entry.site.underpass.design.id, this.underpassPlc(entry))),
      ...this.manholes.map(({ rtu }, index) => manholePlc(rtu, index, this.controllers)),
    ];
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.active.expire(step.timeMs);
    const parts = Math.ceil(step.dtS / longestStepS);
    for (let part = 0; part < parts; part++) this.advance(step, step.dtS / parts);
    const { rainMmH, snowMmH } = step.weather;
    this.gauge.step(step.dtS, rainMmH + snowMmH);
    for (const manhole of this.manholes) manhole.rtu.step(step, this.sensorsOf(manhole));
  }

  start(happening: Happening): Truth {
    return truthOf(happening, this.active.start(happening));
  }

  dispose(): void {}

  private groups() {
    return [
      ...this.stations.map(({ site }) => ({ id: site.design.id, group: site.group })),
      ...this.underpasses.map(({ site }) => ({ id: site.underpass.design.id, group: site.group })),
    ];
  }

  private advance(step: Step, dtS: number): void {
    for (const entry of this.stations) this.scanStation(entry, dtS);
    for (const entry of this.underpasses) this.scanUnderpass(entry, dtS);
    this.waters.advance(dtS, step, this.effects);
    for (const entry of [...this.stations, ...this.underpasses]) entry.pumpedM3 += dtS * entry.site.group.flowM3S;
    for (const manhole of this.manholes) this.breathe(manhole, step, dtS);
  }

  private scanStation({ site, program, floats, level }: Controlled<Station>, dtS: number): void {
    const { id, bottomM } = site.design;
    floats.feel(this.waters.network.levelM[site.node] as number);
    program.hand = this.effects.handOperated(id);
    if (!this.effects.controls(id)) program.stop();
    else program.scan(dtS, bottomM + level(), floats);
  }

  private scanUnderpass({ site, program, floats, level }: Controlled<UnderpassSite>, dtS: number): void {
    const { levelM, roadDepthM, design } = site.underpass;
    floats.feel(levelM);
    if (!this.effects.controls(design.id)) program.stop();
    else program.scan(dtS, design.sumpBottomM + level(), floats);
    if (roadDepthM >= barrierM.down) this.barriers.add(design.id);
    else if (roadDepthM < barrierM.up) this.barriers.delete(design.id);
  }

  private breathe({ design, node, headspace }: Manhole, step: Step, dtS: number): void {
    const { network, quality } = this.waters;
    const depthM = (network.levelM[node] as number) - design.invertM;
    const [wetM2] = wettedArea(design.diameterM, depthM);
    const freeM2 = (Math.PI / 4) * design.diameterM ** 2 - wetM2;
    const shaftM3 = shaftM2 * (design.groundM - design.invertM - depthM);
    headspace.step(dtS, {
      airM3: Math.max(leastAirM3, shaftM3 + mixedM * freeM2),
      sulphideMgS: (quality.sulphideLostMgS[node] as number) * Math.min(1, mixedM / network.sewerM(node)),
      gasM3H: this.effects.gasM3H(design.id, headspace.airC),
      waterC: quality.at(node, 'warmthC'),
      coverOpen: this.effects.coverOpen(design.id),
      weather: step.weather,
    });
  }

  private sensorsOf({ design, node, headspace }: Manhole): ManholeTruth {
    const { network, quality } = this.waters;
    const levelM = (network.levelM[node] as number) - design.invertM;
    return {
      levelM,
      radarM: levelM + (this.effects.fouledM(design.id) ?? 0),
      lel: headspace.lel,
      h2sMgM3: headspace.h2sMgM3,
      airC: headspace.airC,
      waterC: quality.at(node, 'warmthC'),
      saltMSCm: quality.at(node, 'saltMSCm'),
      coverOpen: this.effects.coverOpen(design.id),
    };
  }

  private pumpView(id: string, entry: Controlled<Station | UnderpassSite>): PumpView {
    return {
      asset: id,
      group: entry.site.group,
      program: entry.program,
      totalM3: () => entry.pumpedM3,
      supply: () => this.effects.pumps(id).supply,
    };
  }

  private stationPlc(entry: Controlled<Station>): Plc {
    const { design, node } = entry.site;
    const { network, quality } = this.waters;
    const levelM = () => network.levelM[node] as number;
    return stationPlc(
      {
        ...this.pumpView(design.id, entry),
        ...{ design, gauge: this.gauge },
        seenLevelM: () => levelM() + (this.effects.fouledM(design.id) ?? 0) - design.bottomM,
        lowFloat: () => entry.floats.low,
        highFloat: () => entry.floats.high,
        toRiverM3H: () => 3600 * (network.outletM3S[node] as number),
        riverM: () => this.waters.riverM,
        saltMSCm: () => quality.at(node, 'saltMSCm'),
        waterC: () => quality.at(node, 'warmthC'),
      },
      this.controllers,
    );
  }

  private underpassPlc(entry: Controlled<UnderpassSite>): Plc {
    const { underpass } = entry.site;
    const { design } = underpass;
    return underpassPlc(
      {
        ...this.pumpView(design.id, entry),
        design,
        sumpM: () => underpass.levelM - design.sumpBottomM,
        roadDepthM: () => underpass.roadDepthM,
        highFloat: () => entry.floats.high,
        barrierDown: () => this.barriers.has(design.id),
      },
      this.controllers,
    );
  }
}

/** Makes the drainage. Its sewers are the same for every seed; the seed moves weather, sewage and river. */
export async function createPlant(context: PlantContext): Promise<Plant> {
  return new DrainagePlant(context);
}
