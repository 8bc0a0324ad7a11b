import { ActiveHappenings, endMsOf } from '../city/active.ts';
import { yearFraction } from '../city/local-time.ts';
import type { Happening, Plant, PlantContext, Plc, Step, Truth } from '../city/plant.ts';
import { Controllers } from '../plc/controller.ts';
import { PlcSight } from '../plc/sight.ts';
import { waterAssets } from './assets.ts';
import { WaterCouplings } from './couplings.ts';
import { DistrictDemand } from './demand.ts';
import { districtPlc } from './district-plc.ts';
import { WaterEffects } from './effects.ts';
import { waterHappenings } from './happenings.ts';
import { Hydraulics } from './hydraulics.ts';
import { InletValve, openLoss } from './inlet-valve.ts';
import { JoinedPlant } from './joined-plant.ts';
import { LeakField } from './leak-field.ts';
import { isLeak } from './leaks.ts';
import { oldTownNetworks, placeOf } from './links.ts';
import { districtFlowMeter, pumpController, stationPowerMeter } from './meters.ts';
import {
  cityNetwork,
  type District,
  type DistrictId,
  landUses,
  station as layout,
  type Network,
  tank,
  tankAreaM2,
  works,
} from './network.ts';
import { createNetworkPlant } from './network-file/plant.ts';
import { newTownFile, newTownSettings } from './new-town.ts';
import { type Pump, PumpStation, pumpPowerKw } from './pump-station.ts';
import { Risers } from './risers.ts';
import { type DistrictState, lpsFromM3h, mFromMpa, type StationState } from './state.ts';
import { stationPlc } from './station-plc.ts';
import { Surge } from './surge.ts';
import { Telemetry } from './telemetry/telemetry.ts';
import { truthOf } from './truth.ts';
import { Dosing, InletQuality, waterTemperatureC } from './water-quality.ts';

/** Steps up to this long show the PLC's fast loops; longer ones take them as settled. */
const fastStepS = 2;
const fastSubStepS = 1;
const settledSubStepS = 150;
/** What of a wave in the trunk reaches its branches, and what of that goes on into a looped grid (design choice). */
const trunkShare = 0.7;
const gridShare = 0.25;
/** Mains between works and district meters, m³. */
const mainsM3: Readonly<Record<string, number>> = { 'dma-1': 900, 'dma-2': 1300, 'dma-3': 1000, 'dma-4': 1500 };

/** The water utility: EPANET hydraulics, a pump station's PLC program, demands, leaks and what instruments see. */
class WaterPlant implements Plant {
  readonly utility = 'water';
  readonly assets = waterAssets;
  readonly happenings = waterHappenings;
  readonly networks: Plant['networks'];
  readonly plcs: Plant['plcs'];
  /** What the program of the pump station reads: MPa, m³/h, m; its pressure also as the mean of a longer step. */
  private readonly seen: Readonly<Record<'dischargeMpa' | 'meanDischargeMpa' | 'flowM3h' | 'tankLevelM', () => number>>;
  private readonly hydraulics: Hydraulics;
  private readonly network: Network;
  private readonly leaks: LeakField;
  private readonly demands: ReadonlyMap<District, DistrictDemand>;
  private readonly outside: WaterCouplings;
  private readonly risers: ReadonlyMap<string, Risers>;
  private readonly districts: readonly DistrictState[];
  private readonly station: StationState;
  private readonly dosing: Dosing;
  private readonly controllers = new Controllers();
  private readonly active = new ActiveHappenings(waterHappenings);
  private readonly effects = new WaterEffects(this.active);
  private readonly surge = new Surge();
  /** Instruments in the streets, which only a fully equipped city has. */
  private readonly telemetry: Telemetry | undefined;
  /** Loss coefficients that the network has now, by district. */
  private readonly losses = new Map<DistrictState, number>();
  private trips: readonly { readonly pump: Pump; readonly happening: Happening }[] = [];

  constructor(context: PlantContext, network: Network, hydraulics: Hydraulics) {
    this.hydraulics = hydraulics;
    this.network = network;
    this.leaks = new LeakField(network, hydraulics, context.random.fork('leaks'));
    const inletLoss = (district: DistrictId) => this.effects.inletLoss(district);
    this.networks = oldTownNetworks({ network, hydraulics, leaks: this.leaks, inletLoss });
    this.dosing = new Dosing(context.random.fork('dosing'));
    this.demands = new Map(
      network.districts.map((district) => [district, new DistrictDemand(district, context.random.fork(district.id))]),
    );
    this.districts = network.districts.map(newDistrict);
    this.station = newStation();
    this.risers = new Map(network.districts.map(({ id }) => [id, new Risers()]));
    this.outside = new WaterCouplings(context.couplings, 'ps-1', {
      districts: network.districts.map(({ id }) => id),
      pumpKw: () => this.station.pumpKw.reduce((sum, kw) => sum + kw, 0),
      escapingLps: (district) => this.leaks.escapingLps(district),
    });
    const sight = new PlcSight(context.random.fork('sight'));
    this.seen = {
      dischargeMpa: sight.of('water-ps-1/p-out'),
      meanDischargeMpa: sight.meanOf('water-ps-1/p-out'),
      flowM3h: sight.of('water-ps-1/flow'),
      tankLevelM: sight.of('water-ps-1/tank-level'),
    };
    this.solve();
    const hydrantLps = (junction: string) => this.leaks.hydrantLps(junction);
    const field = { network, hydraulics, station: this.station, controllers: this.controllers, hydrantLps };
    this.telemetry = context.equipment === 'full' ? new Telemetry(field, this.districts) : undefined;
    const powered = (place: string, plc: Plc) => sight.equip(this.outside.powered(place, plc));
    this.plcs = [
      powered('ps-1', stationPlc(this.station, this.controllers)),
      ...this.districts.map((state) => powered(state.district.id, districtPlc(state, this.station, this.controllers))),
      powered('ps-1', stationPowerMeter(this.station)),
      powered('ps-1', pumpController(this.station, 0)),
      ...this.districts.slice(0, 1).map((state) => powered(state.district.id, districtFlowMeter(state))),
      ...(this.telemetry?.plcs ?? []),
    ];
  }

  step(step: Step): void {
    this.controllers.step(step);
    this.arrive();
    this.setDemands(step);
    const fast = step.dtS <= fastStepS;
    const parts = Math.ceil(step.dtS / (fast ? fastSubStepS : settledSubStepS));
    const dtS = step.dtS / parts;
    for (let part = 1; part <= parts; part++) {
      const timeMs = step.timeMs - (parts - part) * dtS * 1000;
      this.endHappenings(timeMs);
      this.leaks.step(timeMs);
      this.affect(timeMs, dtS, step.weather);
      this.moveValves(dtS);
      this.telemetry?.step(dtS);
      if (fast) this.runFast(dtS, step.hour);
      else this.runSettled(dtS, step.hour);
      this.integrate(dtS);
    }
    this.mixQuality(step);
  }

  start(happening: Happening): Truth {
    const { kind } = this.active.start(happening);
    if (isLeak(kind)) {
      const leak = this.leaks.add(happening);
      const { id } = leak.junction;
      const truth = truthOf(happening, id, this.leaks.sagging(leak, happening.startMs));
      return { ...truth, place: { id, location: placeOf(this.network, id) } };
    }
    if (kind === 'water.pump-trip') return truthOf(happening, this.trip(happening)?.id);
    if (kind !== 'water.pump-wear') return truthOf(happening);
    const pump = this.station.control.lead() ?? this.station.control.pumps[0];
    if (pump) this.effects.wearOut(happening.id, pump);
    return truthOf(happening, pump?.id);
  }

  dispose(): void {
    this.hydraulics.dispose();
  }

  private trip(happening: Happening): Pump | undefined {
    const pump = this.station.control.lead();
    if (!pump) return undefined;
    this.station.control.trip(pump);
    this.trips = [...this.trips, { pump, happening }];
    return pump;
  }

  private endHappenings(timeMs: number): void {
    this.active.expire(timeMs);
    for (const { pump, happening } of this.trips) if (timeMs >= endMsOf(happening)) pump.fault = false;
    this.trips = this.trips.filter(({ happening }) => timeMs < endMsOf(happening));
  }

  private setDemands(step: Step): void {
    for (const [district, demand] of this.demands) {
      const multiples = demand.step(step);
      const roomC = this.outside.districts.find(({ id }) => id === district.id)?.roomC() ?? 20;
      const through = this.risers.get(district.id)?.step(step, roomC) ?? 1;
      for (const use of landUses) {
        const share = use === 'residential' ? through : 1;
        this.hydraulics.setDemand(district.id, use, multiples[use] * share);
      }
    }
  }

  /** Takes what the other utilities gave in the step before. */
  private arrive(): void {
    this.station.supply = this.outside.supply('ps-1');
    this.station.control.supplied = this.station.supply > 0;
    for (const { id, hydrantLps } of this.outside.districts) this.leaks.draw(id, hydrantLps());
    for (const state of this.districts) state.supplied = this.outside.supplied(state.district.id);
  }

  /** Lets happenings act on what they touch. */
  private affect(timeMs: number, dtS: number, weather: Step['weather']): void {
    const { effects, station, hydraulics } = this;
    effects.step(timeMs, dtS, weather);
    for (const { district } of this.districts) {
      this.leaks.setBackground(district.id, effects.backgroundFactor(district.id));
    }
    if (station.wellDipM === effects.wellDipM) return;
    station.wellDipM = effects.wellDipM;
    hydraulics.setWorksHead(works.headM - effects.wellDipM);
  }

  private moveValves(dtS: number): void {
    for (const state of this.districts) {
      const { valve, district, supplied } = state;
      if (supplied) valve.step(dtS);
      const loss = valve.lossCoefficient + this.effects.inletLoss(district.id);
      if (loss === (this.losses.get(state) ?? openLoss)) continue;
      this.losses.set(state, loss);
      this.hydraulics.setValveLoss(district.inlet.id, loss);
    }
  }

  private readings(hour: number) {
    const { dischargeMpa, flowM3h, tankLevelM } = this.seen;
    const tankShare = (this.effects.staleLevelM() ?? tankLevelM()) / tank.depthM;
    return { dischargeM: mFromMpa(dischargeMpa()), flowLps: lpsFromM3h(flowM3h()), tankShare, hour };
  }

  private runFast(dtS: number, hour: number): void {
    const { station, surge } = this;
    const coasting = station.control.pumps.some(({ fault, speed }) => fault && speed > 0);
    const beforeLps = station.flowLps;
    station.control.scan(dtS, this.readings(hour));
    this.solve();
    surge.step(dtS, coasting ? station.flowLps - beforeLps : 0);
    station.dischargeM = surge.shown(station.dischargeM, 1);
    for (const { pressuresM, district } of this.districts) {
      const share = district.feed === undefined ? trunkShare : gridShare;
      pressuresM.upstream = surge.shown(pressuresM.upstream, share);
      for (const gauge of ['inlet', 'critical', 'second', 'third'] as const) {
        pressuresM[gauge] = surge.shown(pressuresM[gauge], share * gridShare);
      }
    }
  }

  /** Finds the common speed at which discharge head meets its set-point: secant from an assumed 60 m per unit. */
  private runSettled(dtS: number, hour: number): void {
    const { control } = this.station;
    this.surge.settle();
    control.settle(dtS, this.readings(hour));
    let slope = 60;
    for (let round = 0; round < 8; round++) {
      this.solve();
      const error = control.setpointM - mFromMpa(this.seen.meanDischargeMpa());
      const from = control.commonSpeed;
      const dischargeM = this.station.dischargeM;
      if (Math.abs(error) < 0.005) return;
      control.setCommonSpeed(from + error / slope);
      control.alignPumps();
      const moved = control.commonSpeed - from;
      if (moved === 0) return;
      this.solve();
      slope = Math.max(10, (this.station.dischargeM - dischargeM) / moved);
    }
  }

  private solve(): void {
    const { hydraulics, station } = this;
    station.control.pumps.forEach((pump) => {
      hydraulics.setPumpSpeed(pump.id, pump.speed * Math.sqrt(1 - pump.wear));
    });
    hydraulics.setTankLevel(station.tankLevelM);
    hydraulics.solve();
    station.control.pumps.forEach((pump, index) => {
      station.pumpLps[index] = hydraulics.flowLps(pump.id);
      station.pumpKw[index] = pumpPowerKw(hydraulics.flowLps(pump.id), pump.speed, pump.wear);
    });
    station.flowLps = hydraulics.stationLps();
    station.tankLps = hydraulics.tankLps();
    station.suctionM = hydraulics.pressureM(layout.suction);
    station.dischargeM = hydraulics.pressureM(layout.discharge);
    for (const state of this.districts) this.readDistrict(state);
  }

  private readDistrict(state: DistrictState): void {
    const { inlet, sensors, id } = state.district;
    state.inflowLps = this.hydraulics.flowLps(inlet.id);
    state.outflowLps = this.network.districts
      .filter((other) => other.feed === id)
      .reduce((sum, other) => sum + this.hydraulics.flowLps(other.inlet.id), 0);
    state.pressuresM.upstream = this.hydraulics.pressureM(inlet.from);
    state.pressuresM.inlet = this.hydraulics.pressureM(sensors.inlet);
    state.pressuresM.critical = this.hydraulics.pressureM(sensors.critical);
    state.pressuresM.second = this.hydraulics.pressureM(sensors.second);
    state.pressuresM.third = this.hydraulics.pressureM(sensors.third);
  }

  /** Volumes over a sub-step from the flows of its solve; a full tank spills, an empty one gives nothing. */
  private integrate(dtS: number): void {
    const { station } = this;
    const levelM = station.tankLevelM + ((station.tankLps / 1000) * dtS) / tankAreaM2;
    station.tankLevelM = Math.min(tank.depthM, Math.max(0, levelM));
    station.totalM3 += (station.flowLps * dtS) / 1000;
    station.energyKwh += (station.pumpKw.reduce((sum, kw) => sum + kw, 0) * dtS) / 3600;
    for (const state of this.districts) {
      state.inflowTotalM3 += (Math.max(0, state.inflowLps) * dtS) / 1000;
      state.outflowTotalM3 += (Math.max(0, state.outflowLps) * dtS) / 1000;
    }
  }

  private mixQuality(step: Step): void {
    const { station } = this;
    const dosed = this.dosing.step(step.dtS);
    const leaving = {
      chlorineMgL: dosed.chlorineMgL * this.effects.doseShare,
      turbidityNtu: dosed.turbidityNtu + this.effects.ripeningNtu,
    };
    station.chlorineMgL = leaving.chlorineMgL;
    station.turbidityNtu = leaving.turbidityNtu;
    station.waterC = waterTemperatureC(yearFraction(step.timeMs));
    station.outdoorC = step.weather.outdoorC;
    for (const { quality, inflowLps } of this.districts) {
      quality.step(step.dtS, leaving, station.flowLps, inflowLps, station.waterC);
    }
  }
}

function newDistrict(district: District): DistrictState {
  return {
    district,
    valve: new InletValve(),
    quality: new InletQuality(mainsM3[district.id] ?? 1000, district.inlet.diameterMm),
    supplied: true,
    inflowLps: 0,
    outflowLps: 0,
    pressuresM: { upstream: 0, inlet: 0, critical: 0, second: 0, third: 0 },
    inflowTotalM3: 3_000_000,
    outflowTotalM3: 1_200_000,
  };
}

function newStation(): StationState {
  return {
    control: new PumpStation(),
    pumpLps: [0, 0, 0],
    pumpKw: [0, 0, 0],
    supply: 1,
    flowLps: 0,
    tankLps: 0,
    suctionM: 0,
    dischargeM: 0,
    tankLevelM: 0.58 * tank.depthM,
    wellDipM: 0,
    totalM3: 41_000_000,
    energyKwh: 9_400_000,
    chlorineMgL: 0.75,
    turbidityNtu: 0.22,
    waterC: 10,
    outdoorC: 5,
  };
}

/** The water utility of the simulated city; a fully equipped one supplies the new town too. */
export async function createPlant(context: PlantContext): Promise<Plant> {
  const network = cityNetwork();
  const oldTown = new WaterPlant(context, network, await Hydraulics.open(network));
  if (context.equipment !== 'full') return oldTown;
  const random = context.random.fork('new-town');
  return new JoinedPlant(oldTown, await createNetworkPlant(newTownFile(), { random }, newTownSettings));
}
