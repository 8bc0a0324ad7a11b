import type { Random } from '../../edge/core/random.ts';
import type { Step } from '../city/plant.ts';
import { soilTemperatureC } from '../city/soil.ts';
import { Catchment } from './catchment.ts';
import type { Effects } from './effects.ts';
import {
  catchmentDesigns,
  manholeDesigns,
  nodeIndex,
  type StationDesign,
  sewerNodes,
  stationDesigns,
  underpassDesigns,
} from './layout.ts';
import { PumpGroup } from './pump-group.ts';
import { Quality, rainwater, seepage, sewage } from './quality.ts';
import { River } from './river.ts';
import { Sewage } from './sewage.ts';
import { SewerNetwork } from './sewer-network.ts';
import { Underpass } from './underpass.ts';

/** Depth at which soil decides over infiltration, and at which sewers lie, m. */
const turfM = 0.2;
const sewerDepthM = 3;
/** Water that stands in a wet well at the beginning, m above its lowest float. */
const firstDepthM = 0.8;

/** Pumps draw air when the water stands this much below the lowest float, m. */
const dryRunM = 0.3;

/** A wet well with its pumps. */
export interface Station {
  readonly design: StationDesign;
  readonly node: number;
  readonly group: PumpGroup;
}

/** An underpass with its pumps and the ground that drains to it. */
export interface UnderpassSite {
  readonly underpass: Underpass;
  readonly group: PumpGroup;
  readonly catchment: Catchment;
  /** Rain and melt that run in, m³/s. */
  inflowM3S: number;
}

interface Source {
  readonly node: number;
  readonly catchment: Catchment;
  readonly sewage: Sewage;
}

/** All water of the utility: catchments, sewers, wet wells, underpasses and the river, and what the water carries. */
export class Waters {
  readonly network = new SewerNetwork(sewerNodes);
  readonly quality: Quality;
  readonly stations: readonly Station[];
  readonly underpasses: readonly UnderpassSite[];
  riverM = 0;
  /** Rain at the gauge with what happens to fall more, mm/h; soil around the sewers, °C. */
  soilC = 0;
  /** Water that came in by other ways than the catchments, and that went to works and river, m³. */
  readonly total = { broughtM3: 0, worksM3: 0, riverM3: 0 };
  private readonly sources: readonly Source[];
  private readonly river: River;
  private readonly inflowM3S = new Float64Array(sewerNodes.length);
  private readonly openShare = new Float64Array(sewerNodes.length).fill(1);
  private started = false;

  constructor(random: Random) {
    this.river = new River(random.integer(0, 2 ** 31 - 1));
    const groundOf = (id: string) => catchmentDesigns.filter(({ to }) => to === id);
    this.sources = manholeDesigns.flatMap(({ id }) =>
      groundOf(id).map((design) => ({
        node: nodeIndex(id),
        catchment: new Catchment(design),
        sewage: new Sewage(design.people, random.fork(`${id}/sewage`)),
      })),
    );
    this.stations = stationDesigns.map((design) => ({
      design,
      node: nodeIndex(design.id),
      group: new PumpGroup(design.pumps),
    }));
    this.underpasses = underpassDesigns.map((design) => {
      const [ground] = groundOf(design.id);
      if (!ground) throw new RangeError(`no catchment drains to ${design.id}`);
      return {
        underpass: new Underpass(design),
        group: new PumpGroup(design.pumps),
        catchment: new Catchment(ground),
        inflowM3S: 0,
      };
    });
    for (const { node, design } of this.stations) {
      this.network.levelM[node] = design.pumps.levelsM.lowFloat + firstDepthM;
      const [volume] = this.network.storage(node, this.network.levelM[node] as number);
      this.network.volumeM3[node] = volume;
    }
    this.quality = new Quality(this.network);
  }

  private get catchments(): readonly Catchment[] {
    return [...this.sources, ...this.underpasses].map(({ catchment }) => catchment);
  }

  /** Everything that came in since the beginning minus what went out, m³: as much as is stored. */
  balanceM3(): number {
    const ground = this.catchments.reduce((sum, { broughtM3, lostM3 }) => sum + broughtM3 - lostM3, 0);
    return ground + this.total.broughtM3 - this.total.worksM3 - this.total.riverM3;
  }

  storedM3(): number {
    const ground = this.catchments.reduce((sum, catchment) => sum + catchment.storedM3(), 0);
    const hollows = this.underpasses.reduce((sum, { underpass }) => sum + underpass.volumeM3, 0);
    return ground + hollows + this.network.volumeM3.reduce((sum, volume) => sum + volume, 0);
  }

  /** Advances by `dtS` ≤ 30 s with the pumps' commands as they stand. */
  advance(dtS: number, step: Step, effects: Effects): void {
    if (!this.started) for (const catchment of this.catchments) catchment.cover(step.weather.snowCoverMm);
    this.started = true;
    this.riverM = this.river.levelM(step.timeMs) + effects.riverRiseM();
    this.soilC = soilTemperatureC(step.timeMs, sewerDepthM);
    this.inflowM3S.fill(0);
    this.quality.begin();
    const moment = { ...step, dtS };
    this.fall(moment, effects);
    this.pump(moment, effects);
    this.openShare.fill(1);
    for (const { id } of manholeDesigns) this.openShare[nodeIndex(id)] = effects.openShare(id);
    const flapsHold = effects.flapsHold();
    this.network.step(dtS, { inflowM3S: this.inflowM3S, openShare: this.openShare, riverM: this.riverM, flapsHold });
    this.total.riverM3 += dtS * this.network.toRiverM3S();
    this.quality.carry(dtS, this.inflowM3S, this.soilC);
  }

  /** Puts water into a manhole. */
  private bring(node: number, flowM3S: number, matter: Parameters<Quality['bring']>[2]): void {
    this.inflowM3S[node] = (this.inflowM3S[node] as number) + flowM3S;
    this.quality.bring(node, flowM3S, matter);
  }

  /** What comes from the sky, from houses, through the ground and by what happens. */
  private fall(step: Step, effects: Effects): void {
    const { weather, dtS } = step;
    const frozen = soilTemperatureC(step.timeMs, turfM) < 0;
    for (const { node, catchment, sewage: houses } of this.sources) {
      catchment.step(dtS, { ...weather, frozen });
      houses.step(step);
      this.bring(node, catchment.runoffM3S, rainwater(weather.outdoorC, catchment.meltShare));
      this.bring(node, catchment.seepageM3S, seepage(this.soilC));
      this.bring(node, houses.flowM3S, sewage(this.soilC));
      this.total.broughtM3 += dtS * houses.flowM3S;
    }
    for (const { id } of manholeDesigns) {
      for (const { flowM3S, matter } of effects.inflows(id, this.soilC)) {
        this.bring(nodeIndex(id), flowM3S, matter);
        this.total.broughtM3 += dtS * flowM3S;
      }
    }
  }

  private pump(step: Step, effects: Effects): void {
    const { dtS, weather } = step;
    for (const { design, node, group } of this.stations) {
      const levelM = this.network.levelM[node] as number;
      const [stored] = this.network.storage(node, levelM);
      const [kept] = this.network.storage(node, design.pumps.levelsM.lowFloat - dryRunM);
      const deliveryM = design.delivers === 'river' ? Math.max(design.deliveryM, this.riverM) : design.deliveryM;
      group.step(dtS, { levelM, deliveryM, ...effects.pumps(design.id) }, Math.max(0, stored - kept) / dtS);
      this.inflowM3S[node] = (this.inflowM3S[node] as number) - group.flowM3S;
      if (design.delivers === 'works') this.total.worksM3 += dtS * group.flowM3S;
      else this.total.riverM3 += dtS * group.flowM3S;
    }
    for (const site of this.underpasses) {
      const { underpass, group, catchment } = site;
      const { id, to, deliveryM } = underpass.design;
      const node = nodeIndex(to);
      const cloudburst = effects.cloudburstMmH(id);
      const frozen = soilTemperatureC(step.timeMs, turfM) < 0;
      catchment.step(dtS, { ...weather, rainMmH: weather.rainMmH + cloudburst, frozen });
      site.inflowM3S = catchment.runoffM3S + catchment.seepageM3S;
      const levelM = underpass.levelM;
      const lift = { levelM, deliveryM: Math.max(deliveryM, this.network.levelM[node] as number) };
      group.step(dtS, { ...lift, ...effects.pumps(id) }, Math.max(0, underpass.volumeM3) / dtS);
      underpass.step(dtS, site.inflowM3S, group.flowM3S);
      this.bring(node, group.flowM3S, rainwater(weather.outdoorC, catchment.meltShare));
    }
  }
}
