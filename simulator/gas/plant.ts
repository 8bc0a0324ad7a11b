import type { Random } from '../../edge/core/random.ts';
import { ActiveHappenings } from '../city/active.ts';
import type { Happening, Plant, PlantAsset, PlantContext, Step, Truth } from '../city/plant.ts';
import { soilTemperatureC } from '../city/soil.ts';
import { Controllers } from '../plc/controller.ts';
import { BreakableMains } from './broken-mains.ts';
import { Cabinet } from './cabinet.ts';
import { CityGate, gateFeed } from './city-gate.ts';
import { volumeCorrector } from './corrector.ts';
import { Demand } from './demand.ts';
import { ambientPressurePa, massFlowOf, naturalGas, normalFlowOf, normalTemperatureK } from './gas.ts';
import { gatePlc } from './gate-points.ts';
import { gasHappenings } from './happenings.ts';
import type { Feed } from './line-pack.ts';
import { gasNetworks } from './links.ts';
import { type DistrictDesign, districtDesigns, gateDesign, mediumPressureNetwork } from './network.ts';
import { orificeFlow } from './orifice.ts';
import { RegulatorStation, type StationInputs } from './regulator.ts';
import { stationPlc } from './station-points.ts';

/** Mean height of the city above the sea and depth of its gas mains, m. */
const cityHeightM = 152;
const mainDepthM = 1.6;
/** Longest step of the network's implicit time stepping, s. */
const longestStepS = 30;

/** Heater, lights and telemetry of the city gate, kW. */
const gateKw = 7.5;

/** A station with all that belongs to it. */
interface Site {
  readonly design: DistrictDesign;
  readonly node: number;
  readonly station: RegulatorStation;
  readonly cabinet: Cabinet;
  readonly demand: Demand;
  fullFlowNm3H: number;
  totalNm3: number;
}

function siteOf(design: DistrictDesign, ambientPa: number, random: Random): Site {
  return {
    design,
    node: mediumPressureNetwork.nodes.findIndex((node) => node.id === design.node),
    station: new RegulatorStation(design, ambientPa),
    cabinet: new Cabinet(random.fork(`${design.station}/cabinet`)),
    demand: new Demand(design.households, design.boilersNm3HK, random.fork(`${design.district}/demand`)),
    fullFlowNm3H: 0,
    totalNm3: 1e6 * (1 + design.households / 1e4),
  };
}

function assetsOf(): readonly PlantAsset[] {
  const gate: PlantAsset = {
    id: gateDesign.id,
    type: 'gas.city-gate',
    name: { zh: '一号门站', en: 'City gate 1' },
    grid: '230103005031',
    location: mediumPressureNetwork.nodes[0]?.place ?? [126.606, 45.708],
    upstreamOf: districtDesigns.map((design) => design.station),
  };
  const perDistrict = districtDesigns.flatMap((design, index): readonly PlantAsset[] => [
    {
      id: design.station,
      type: 'gas.regulator',
      name: design.stationName,
      grid: `2301030050${32 + index}`,
      location: design.stationPlace,
      upstreamOf: [design.district],
    },
    {
      id: design.district,
      type: 'gas.district',
      name: design.districtName,
      grid: `2301030050${36 + index}`,
      location: design.districtPlace,
      upstreamOf: [],
    },
  ]);
  return [gate, ...perDistrict];
}

/** The gas utility: city gate, medium-pressure network with line pack, regulator stations and low-pressure districts. */
class GasPlant implements Plant {
  readonly utility = 'gas';
  readonly assets = assetsOf();
  readonly plcs;
  readonly happenings = gasHappenings;
  readonly networks;
  private readonly ambientPa = ambientPressurePa(cityHeightM);
  private readonly active = new ActiveHappenings(gasHappenings);
  private readonly controllers = new Controllers();
  private readonly gate = new CityGate();
  private readonly feed: Feed = gateFeed(this.ambientPa);
  private readonly sites: readonly Site[];
  private readonly net: BreakableMains;
  private readonly withdrawalKgS = new Float64Array(mediumPressureNetwork.nodes.length);
  private readonly gateSupply: () => number;
  /** Gas that the mains lose elsewhere, Nm³/h, by node. */
  private readonly lostNm3H: readonly (() => number)[];
  private gateKgS = 0;
  private gateTotalNm3 = 4.2e8;
  private soilC = 5;
  private outdoorC = 5;
  private started = false;

  constructor(context: PlantContext) {
    this.sites = districtDesigns.map((design) => siteOf(design, this.ambientPa, context.random));
    this.net = new BreakableMains(
      ...([mediumPressureNetwork, this.ambientPa, this.ambientPa + gateDesign.setPa, this.soilK] as const),
      context.random.fork('mains'),
    );
    const view = {
      gate: this.gate,
      outletGaugePa: () => this.pressureAt(0) - this.ambientPa,
      flowNm3H: () => normalFlowOf(this.gateKgS),
      totalNm3: () => this.gateTotalNm3,
      outdoorC: () => this.outdoorC,
      supplied: () => this.gateSupply() > 0,
    };
    const { couplings } = context;
    this.gateSupply = couplings.take('supply', gateDesign.id);
    couplings.offer('electric-load', gateDesign.id, () => (this.gateSupply() > 0 ? gateKw : 0));
    for (const { design, station } of this.sites) {
      couplings.offer('gas-leak', design.district, () => normalFlowOf(station.outflow.leakKgS));
    }
    this.lostNm3H = mediumPressureNetwork.nodes.map(({ id }, node) => {
      couplings.offer('gas-pressure', id, () => this.pressureAt(node) - this.ambientPa);
      return couplings.take('gas-leak', id);
    });
    this.networks = gasNetworks({
      ...{ pressurePa: (node) => this.pressureAt(node) - this.ambientPa, net: this.net, sites: this.sites },
      // What a compartment of the gallery loses is shown there.
      leaks: (node) => this.sites.some((site) => site.node === node && this.cabinetLeakNm3H(site) > 0),
    });
    const control = couplings.take('control', gateDesign.id);
    const powered = () => control() > 0;
    this.plcs = [
      { ...gatePlc(view, this.controllers), powered },
      ...this.sites.map((site) => this.plcOf(site)),
      { ...volumeCorrector(view, this.ambientPa), powered },
    ];
  }

  private plcOf(site: Site) {
    const { design, station, cabinet } = site;
    const inletGaugePa = () => this.pressureAt(site.node) - this.ambientPa;
    const gasC = () => this.soilC - (naturalGas.jouleThomsonKBar * (inletGaugePa() - station.outletPa)) / 1e5;
    return stationPlc(
      {
        design,
        station,
        cabinet,
        inletGaugePa,
        gasC,
        // The cabinet stands in the open and is kept a little by the gas in it.
        cabinetC: () => 0.8 * this.outdoorC + 0.2 * gasC() + cabinet.panelW / 30,
        countedShare: () => this.countedShare(site),
        districtNm3H: () => normalFlowOf(station.flowKgS - station.ventedKgS),
        totalNm3: () => site.totalNm3,
      },
      this.controllers,
    );
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.outdoorC = step.weather.outdoorC;
    this.soilC = soilTemperatureC(step.timeMs, mainDepthM);
    for (const ended of this.active.expire(step.timeMs)) this.repair(ended);
    this.net.mend(step.timeMs, this.soilK);
    for (const site of this.sites) {
      const extra = this.active.magnitude('gas.cooking-peak', site.design.district) / 100;
      site.fullFlowNm3H = site.demand.step(step) * (1 + extra);
    }
    if (!this.started) this.settle();
    const parts = Math.ceil(step.dtS / longestStepS);
    for (let part = 0; part < parts; part++) this.advance(step.dtS / parts);
    const odorantLost = this.active.magnitude('gas.odorant-loss', gateDesign.id) / 100;
    this.gate.step(step, this.gateKgS, { odorantLost, supplied: this.gateSupply() > 0 });
    for (const site of this.sites) this.stepCabinet(site, step);
  }

  start(happening: Happening): Truth {
    const { decoy, title } = this.active.start(happening);
    const site = this.siteFor(happening.target);
    if (happening.kind === 'gas.slam-shut') site?.station.slamShut();
    const place = happening.kind === 'gas.main-damage' ? this.net.break(happening, this.soilK) : undefined;
    const around = site && happening.kind !== 'gas.cabinet-leak' ? [site.design.station, site.design.district] : [];
    return {
      happening,
      decoy,
      asset: happening.target,
      // A broken main takes pressure from everything behind the gate.
      affected: place ? this.assets.map(({ id }) => id) : [...new Set([...around, happening.target])],
      ...(place ? { place } : {}),
      text: title,
    };
  }

  dispose(): void {}

  private get soilK(): number {
    return normalTemperatureK + this.soilC;
  }

  private pressureAt(node: number): number {
    return this.net.pressurePa(node);
  }

  private siteFor(asset: string): Site | undefined {
    return this.sites.find(({ design }) => design.station === asset || design.district === asset);
  }

  /** After the last fault of a station or its district the crew resets the slam-shut. */
  private repair(ended: Happening): void {
    const site = this.siteFor(ended.target);
    const faults = gasHappenings.filter((kind) => !kind.decoy);
    if (!site || faults.every((fault) => fault.kind !== ended.kind)) return;
    const { station, district } = site.design;
    const left = faults.some(({ kind }) =>
      [station, district].some((target) => this.active.magnitude(kind, target) > 0),
    );
    if (!left) site.station.reset();
  }

  /** Share of its flow that a station's meter counts. */
  private countedShare({ design }: Site): number {
    return 1 - this.active.magnitude('gas.meter-drift', design.station) / 100;
  }

  private inputsOf(site: Site): StationInputs {
    const { station, district } = site.design;
    const now = (kind: string, target: string) => this.active.magnitude(`gas.${kind}`, target);
    return {
      inletPa: this.pressureAt(site.node),
      load: {
        fullKgS: massFlowOf(site.fullFlowNm3H),
        holeMm2: now('third-party-damage', district) + now('joint-leak', district),
      },
      seatLeakNm3H: now('regulator-creep', station),
      frozenShare: Math.min(1, now('regulator-freeze', station) / 100),
      filterFactor: Math.max(1, now('filter-blockage', station)),
      around: { ambientPa: this.ambientPa, soilK: this.soilK },
    };
  }

  /** Puts everything at rest for the first conditions, so that warm-up begins without a transient. */
  private settle(): void {
    this.started = true;
    for (let round = 0; round < 3; round++) {
      for (const site of this.sites) {
        site.station.balance(this.inputsOf(site));
        this.withdrawalKgS[site.node] = site.station.flowKgS;
      }
      this.net.balance(this.withdrawalKgS, this.feed, this.soilK);
    }
  }

  private advance(dtS: number): void {
    this.lostNm3H.forEach((lost, node) => {
      this.withdrawalKgS[node] = massFlowOf(lost());
    });
    for (const site of this.sites) {
      site.station.step(dtS, this.inputsOf(site));
      const leaked = massFlowOf(this.cabinetLeakNm3H(site));
      this.withdrawalKgS[site.node] = (this.withdrawalKgS[site.node] ?? 0) + site.station.flowKgS + leaked;
      site.totalNm3 += (normalFlowOf(site.station.flowKgS) * this.countedShare(site) * dtS) / 3600;
    }
    this.gateKgS = this.net.advance(dtS, this.withdrawalKgS, this.feed, this.soilK);
    this.gateTotalNm3 += (normalFlowOf(this.gateKgS) * dtS) / 3600;
  }

  private cabinetLeakNm3H(site: Site): number {
    const hole = this.active.magnitude('gas.cabinet-leak', site.design.station);
    if (hole <= 0) return 0;
    return normalFlowOf(orificeFlow(hole, this.pressureAt(site.node), this.ambientPa, this.soilK));
  }

  private stepCabinet(site: Site, step: Step): void {
    const { station } = site.design;
    site.cabinet.agedShare = this.active.magnitude('gas.battery-aged', station) / 100;
    site.cabinet.worked = this.active.magnitude('gas.maintenance', station) > 0;
    const warmer = (normalTemperatureK + this.outdoorC) / normalTemperatureK;
    site.cabinet.step(step, this.cabinetLeakNm3H(site) * warmer);
  }
}

/** Makes the gas utility. Its network and base demand are the same for every seed; the seed moves consumption only. */
export async function createPlant(context: PlantContext): Promise<Plant> {
  return new GasPlant(context);
}
