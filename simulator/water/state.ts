import type { InletValve } from './inlet-valve.ts';
import type { District } from './network.ts';
import type { PumpStation } from './pump-station.ts';
import type { InletQuality } from './water-quality.ts';

/** What the instruments of a district can see. Pressures in m, flows in L/s. */
export interface DistrictState {
  readonly district: District;
  readonly valve: InletValve;
  readonly quality: InletQuality;
  /** Its chamber has mains supply: the valve can move. */
  supplied: boolean;
  inflowLps: number;
  /** Metered flow on to another district; 0 where there is none. */
  outflowLps: number;
  readonly pressuresM: { upstream: number; inlet: number; critical: number; second: number; third: number };
  inflowTotalM3: number;
  outflowTotalM3: number;
}

/** What the instruments of the pump station and the tank can see. */
export interface StationState {
  readonly control: PumpStation;
  readonly pumpLps: number[];
  readonly pumpKw: number[];
  /** Voltage of the switchboard, per unit of the nominal one. */
  supply: number;
  flowLps: number;
  tankLps: number;
  suctionM: number;
  dischargeM: number;
  tankLevelM: number;
  /** How much lower than usual the clear well stands, m. */
  wellDipM: number;
  totalM3: number;
  energyKwh: number;
  chlorineMgL: number;
  turbidityNtu: number;
  waterC: number;
  outdoorC: number;
}

/** Metres of water to MPa (1000 kg/m³, 9.80665 m/s²). */
export const mpaFromM = (metres: number): number => metres * 0.00980665;
export const mFromMpa = (mpa: number): number => mpa / mpaFromM(1);
/** L/s to m³/h. */
export const m3hFromLps = (flow: number): number => flow * 3.6;
export const lpsFromM3h = (flow: number): number => flow / 3.6;
