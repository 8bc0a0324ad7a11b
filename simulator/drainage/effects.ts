import type { ActiveHappenings } from '../city/active.ts';
import type { Couplings } from '../city/couplings.ts';
import { manholeDesigns, stationDesigns, underpassDesigns } from './layout.ts';
import type { PumpConditions } from './pump-group.ts';
import { type Matter, seepage } from './quality.ts';

/** Water that comes into a manhole by what happens. */
export interface ExtraInflow {
  readonly flowM3S: number;
  readonly matter: Matter;
}

/** Septic sludge flows in at this rate, m³/s. */
const sludgeM3S = 8 / 1000;
const perLitre = 1 / 1000;
const perHour = 1 / 3600;
const drinkingWater = (soilC: number): Matter => ({ ...seepage(soilC), saltMSCm: 0.35 });
const industrial: Matter = { warmthC: 26, saltMSCm: 4.2, organicMgL: 60, sulphideMgL: 0 };
const septic = (soilC: number, sulphideMgL: number): Matter => ({
  warmthC: soilC + 6,
  saltMSCm: 1.4,
  organicMgL: 900,
  sulphideMgL,
});

/** What happenings and other utilities do to the water, place by place. */
export class Effects {
  private readonly active: ActiveHappenings;
  private readonly supply: ReadonlyMap<string, () => number>;
  private readonly control: ReadonlyMap<string, () => number>;
  private readonly gas: ReadonlyMap<string, () => number>;
  private readonly leaks: ReadonlyMap<string, () => number>;

  constructor(active: ActiveHappenings, couplings: Couplings) {
    this.active = active;
    const taken = (
      kind: 'supply' | 'control' | 'gas-leak' | 'water-leak',
      places: readonly { readonly id: string }[],
    ) => new Map(places.map(({ id }) => [id, couplings.take(kind, id)]));
    const pumped = [...stationDesigns, ...underpassDesigns];
    this.supply = taken('supply', pumped);
    this.control = taken('control', pumped);
    this.gas = taken('gas-leak', manholeDesigns);
    this.leaks = taken('water-leak', manholeDesigns);
  }

  openShare(manhole: string): number {
    // A section that is partly filled carries as Manning's formula with both area and radius less: power 5/3.
    return (1 - this.magnitude('blockage', manhole) / 100) ** (5 / 3);
  }

  inflows(manhole: string, soilC: number): readonly ExtraInflow[] {
    const rate = (kind: string, factor: number) => this.magnitude(kind, manhole) * factor;
    const sulphide = this.magnitude('sewer-gas', manhole);
    const flows: readonly ExtraInflow[] = [
      { flowM3S: rate('infiltration', perLitre), matter: { ...seepage(soilC), saltMSCm: 0.25 } },
      { flowM3S: rate('illegal-discharge', perHour), matter: industrial },
      { flowM3S: rate('sewer-flushing', perHour), matter: drinkingWater(soilC) },
      { flowM3S: sulphide > 0 ? sludgeM3S : 0, matter: septic(soilC, sulphide) },
      { flowM3S: (this.leaks.get(manhole)?.() ?? 0) * perHour, matter: drinkingWater(soilC) },
    ];
    return flows.filter(({ flowM3S }) => flowM3S > 0);
  }

  /** Gas that comes through the ground, m³/h at the manhole's temperature. */
  gasM3H(manhole: string, airC: number): number {
    const normalM3H = this.gas.get(manhole)?.() ?? 0;
    return this.magnitude('gas-ingress', manhole) + normalM3H * (1 + airC / 273.15);
  }

  coverOpen(manhole: string): boolean {
    return this.magnitude('cover-missing', manhole) > 0;
  }

  pumps(place: string): Pick<PumpConditions, 'supply' | 'broken' | 'clogged'> {
    return {
      supply: this.cloudburstMmH(place) > 0 ? 0 : (this.supply.get(place)?.() ?? 1),
      broken: this.magnitude('pump-failure', place),
      clogged: this.magnitude('pump-clogged', place) / 100,
    };
  }

  /** Whether the controller of a place has its supply, battery included. */
  controls(place: string): boolean {
    return (this.control.get(place)?.() ?? 1) > 0;
  }

  cloudburstMmH(underpass: string): number {
    return this.magnitude('underpass-flood', underpass);
  }

  riverRiseM(): number {
    return this.magnitude('river-backflow', 'storm-1');
  }

  flapsHold(): boolean {
    return this.riverRiseM() === 0;
  }

  /** By how much a level sensor shows too much, m; undefined when it is well. */
  fouledM(place: string): number | undefined {
    const over = this.magnitude('level-fouled', place);
    return over > 0 ? over : undefined;
  }

  handOperated(station: string): boolean {
    return this.magnitude('maintenance-pumping', station) > 0;
  }

  private magnitude(kind: string, target: string): number {
    return this.active.magnitude(`drainage.${kind}`, target);
  }
}
