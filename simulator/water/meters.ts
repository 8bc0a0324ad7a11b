import type { Plc } from '../city/plant.ts';
import { meterPlc, type Reading } from '../city/profile-points.ts';
import { type DistrictState, m3hFromLps, mpaFromM, type StationState } from './state.ts';

const lineVolts = 380;
const powerFactor = 0.9;
const nominalHz = 50;
const synchronousRpm = 1480;
/** Percent of the span. */
const noise = { electrical: 0.05, flow: 0.08, pressure: 0.06 } as const;

/** Line current, A, of a load at a voltage in per unit: I = P/(√3 U cos φ). */
const amperesOf = (kilowatts: number, supply: number) =>
  supply > 0 ? (kilowatts * 1000) / (Math.sqrt(3) * lineVolts * supply * powerFactor) : 0;

/** The power meter in the switchboard of pump station 1. */
export function stationPowerMeter(state: StationState): Plc {
  const kilowatts = () => state.pumpKw.reduce((sum, kw) => sum + kw, 0);
  const phases = (tag: string, range: readonly [number, number], read: () => number) =>
    Object.fromEntries(
      ['a', 'b', 'c'].map((phase): [string, Reading] => [`${tag}-${phase}`, [range, noise.electrical, read]]),
    );
  return meterPlc(
    {
      ...{ id: 'water-ps-1-power', utility: 'water', unit: 1, profile: 'schneider-pm5000' },
      name: { zh: '一号泵站电力仪表', en: 'Power meter of pump station 1' },
    },
    {
      energy: { full: 1e9, read: () => state.energyKwh },
      ...phases('current', [0, 1000], () => amperesOf(kilowatts(), state.supply)),
      'voltage-ab': [[0, 500], noise.electrical, () => lineVolts * state.supply],
      ...phases('voltage', [0, 300], () => (lineVolts * state.supply) / Math.sqrt(3)),
      ...phases('power', [0, 200], () => kilowatts() / 3),
      power: [[0, 600], noise.electrical, kilowatts],
      frequency: [[45, 55], 0.1, () => nominalHz],
    },
  );
}

/** The controller of one of the station's pumps, counted from 0. */
export function pumpController(state: StationState, index: number): Plc {
  const pump = state.control.pumps[index];
  if (!pump) throw new RangeError(`the station has no pump ${index}`);
  const number = index + 1;
  const kilowatts = () => state.pumpKw[index] ?? 0;
  const barOfM = (metres: number) => mpaFromM(metres) * 10;
  return meterPlc(
    {
      ...{ id: `water-ps-1-p${number}`, utility: 'water', unit: 1, profile: 'grundfos-cim' },
      name: { zh: `一号泵站${'一二三'.charAt(index)}号泵控制器`, en: `Controller of pump ${number} at station 1` },
    },
    {
      'alarm-code': [[0, 255], 0, () => (pump.fault ? 4 : 0)],
      head: [[0, 20], noise.pressure, () => (pump.running ? barOfM(state.dischargeM - state.suctionM) : 0)],
      flow: [[0, 1000], noise.flow, () => m3hFromLps(state.pumpLps[index] ?? 0)],
      performance: [[0, 100], 0, () => 100 * pump.speed],
      speed: [[0, 3000], 0.02, () => synchronousRpm * pump.speed],
      frequency: [[0, 60], 0.02, () => nominalHz * pump.speed],
      current: [[0, 400], noise.electrical, () => amperesOf(kilowatts(), state.supply)],
      power: [[0, 300_000], noise.electrical, () => 1000 * kilowatts()],
      hours: { full: 1e6, read: () => pump.hours },
      starts: { full: 1e6, read: () => pump.starts },
    },
  );
}

/** The clamp-on flow meter at the inlet of a district, on the utility's own line beside the district's PLC. */
export function districtFlowMeter(state: DistrictState): Plc {
  const { id, inlet } = state.district;
  const areaM2 = (Math.PI / 4) * (inlet.diameterMm / 1000) ** 2;
  const velocity = () => state.inflowLps / 1000 / areaM2;
  return meterPlc(
    {
      ...{ id: `water-${id}-meter`, utility: 'water', unit: 1, profile: 'tuf-2000m' },
      name: { zh: `${id} 进口超声波流量计`, en: `Ultrasonic flow meter at the inlet of ${id}` },
    },
    {
      flow: [[-2000, 2000], noise.flow, () => m3hFromLps(state.inflowLps)],
      velocity: [[-12, 12], noise.flow, velocity],
      'sound-speed': [[1300, 1700], 0.05, () => 1455],
      'total-forward': { full: 1e10, read: () => state.inflowTotalM3 },
      'total-net': { full: 1e10, read: () => state.inflowTotalM3 },
      'error-code': [[0, 65_535], 0, () => 0],
      'signal-quality': [[0, 99], 0.5, () => 86],
    },
  );
}
