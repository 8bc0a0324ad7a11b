import type { ActiveHappenings } from '../city/active.ts';
import type { Step } from '../city/plant.ts';
import { openLoss } from './inlet-valve.ts';
import { type DistrictId, districtIds } from './network.ts';
import type { Pump } from './pump-station.ts';

/** An impeller wears down over this time, s. */
export const wearS = 12 * 3600;
/** The many small leaks of an ageing district come in over this time, s. */
const leakageS = 3 * 86_400;
/** Contents of the clear well renew over this time after the dosing, s. */
const clearWellS = 1800;
/** Ground a main lies in freezes below this air temperature; at 20 K less it takes so long to close the main, s. */
const frostC = -8;
const frostK = 20;
const freezingS = 6 * 3600;
const thawingS = 3 * 3600;
/** Loss of a gate that stands open to a share s of its area: ζ = 0.5 / s^2.5, as for the inlet valves. */
const lossExponent = 2.5;
/** Surface of the clear well, m², and the time in which the works fill it up again after a wash, s. */
const wellM2 = 320;
const refillS = 2400;
/** How much of a wash is over when a filter is clean again, s, where the happening names no duration. */
const washS = 720;
/** Filtrate of a washed filter until it is ripe, NTU at the outlet. */
const ripeningNtu = 0.05;

/** What the happenings that are no holes do to the utility: it moves with the steps, the plant reads it. */
export class WaterEffects {
  /** Share of the dose that still reaches the water, at the outlet of the clear well. */
  doseShare = 1;
  /** How much lower than usual the clear well stands, m. */
  wellDipM = 0;
  /** Turbidity of the works above its usual, NTU. */
  ripeningNtu = 0;
  private readonly active: ActiveHappenings;
  private readonly ice = new Map<DistrictId, number>();
  private readonly worn = new Map<string, Pump>();
  private timeMs = 0;

  constructor(active: ActiveHappenings) {
    this.active = active;
  }

  step(timeMs: number, dtS: number, weather: Step['weather']): void {
    this.timeMs = timeMs;
    const lost = Math.min(1, this.active.magnitude('water.chlorine-loss', 'ps-1') / 100);
    this.doseShare += (1 - lost - this.doseShare) * (1 - Math.exp(-dtS / clearWellS));
    this.wash(dtS);
    for (const id of districtIds) this.freeze(id, dtS, weather.outdoorC);
    for (const [happening, pump] of this.worn) pump.wear = this.wear(happening);
  }

  /** The pump that wears by the happening `id` from now on. */
  wearOut(id: string, pump: Pump): void {
    this.worn.set(id, pump);
  }

  /** Background leakage of a district as a multiple of its usual one. */
  backgroundFactor(district: DistrictId): number {
    return 1 + this.active.grown('water.background-leakage', district, leakageS, this.timeMs) / 100;
  }

  /** Loss on the velocity head of a district's inlet main by a gate left nearly closed and by ice; 0 when it is free. */
  inletLoss(district: DistrictId): number {
    const left = this.active.magnitude('water.valve-left-closed', district);
    const gate = left > 0 ? openLoss / Math.min(1, left / 100) ** lossExponent - openLoss : 0;
    const clear = 1 - (this.ice.get(district) ?? 0);
    return gate + openLoss / clear ** lossExponent - openLoss;
  }

  /** Level that the station's program believes the tank to have, m; undefined while it takes over the true one. */
  staleLevelM(): number | undefined {
    const held = this.active.magnitude('water.tank-overflow', 'tank-1');
    return held > 0 ? held : undefined;
  }

  private wear(happening: string): number {
    if (!this.active.runs(happening)) return 0;
    return this.active.grown('water.pump-wear', 'ps-1', wearS, this.timeMs) / 100;
  }

  private wash(dtS: number): void {
    const washing = this.active.magnitude('water.filter-backwash', 'ps-1');
    const ageS = this.active.ageS('water.filter-backwash', 'ps-1', this.timeMs) ?? 0;
    if (washing > 0 && ageS <= washS) this.wellDipM += ((washing / 1000) * dtS) / wellM2;
    else this.wellDipM *= Math.exp(-dtS / refillS);
    const ripening = washing > 0 ? ripeningNtu : 0;
    this.ripeningNtu += (ripening - this.ripeningNtu) * (1 - Math.exp(-dtS / clearWellS));
  }

  /** Ice grows only while the air is cold enough, and thaws when a crew thaws it or the frost is over. */
  private freeze(id: DistrictId, dtS: number, outdoorC: number): void {
    const share = Math.min(0.99, this.active.magnitude('water.frozen-main', id) / 100);
    const now = this.ice.get(id) ?? 0;
    const cold = share > 0 && outdoorC < frostC;
    const rate = cold ? (share * (frostC - outdoorC)) / frostK / freezingS : -1 / thawingS;
    this.ice.set(id, Math.max(0, Math.min(Math.max(share, now), now + rate * dtS)));
  }
}
