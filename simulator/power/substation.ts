import type { SectionData } from './network.ts';
import { Transformer } from './transformer.ts';

/** Below this a bus counts as dead, kV. */
const deadKv = 2;
/** The tie closes by itself when a section has been dead for this, s (automatic transfer; design choice). */
const transferS = 3;

/** What happenings do to one section. */
export interface SectionEffects {
  readonly tripped: boolean;
  readonly runawayTaps: number;
}

/** A transformer, its bus section and what they carry. */
export interface Section {
  readonly data: SectionData;
  readonly transformer: Transformer;
  /** Line voltage of the bus, kV. */
  busKv: number;
  /** Displacement of the neutral, share of the phase voltage: 0 healthy, 1 a phase fully to earth. */
  displacement: number;
}

/** A 66/10 kV substation: two sections, and a tie that is open until one of them is dead. */
export class Substation {
  readonly id: string;
  readonly sections: readonly [Section, Section];
  tieClosed = false;
  /** 66 kV side in per unit. */
  gridPu = 1;
  private deadS = 0;

  constructor(id: string, pair: readonly [SectionData, SectionData]) {
    this.id = id;
    const made = (data: SectionData): Section => ({
      ...{ data, transformer: new Transformer(), busKv: 0, displacement: 0 },
    });
    this.sections = [made(pair[0]), made(pair[1])];
  }

  /** `loadsMw`: what the feeders of each section want. */
  step(
    dtS: number,
    around: { readonly gridPu: number; readonly outdoorC: number },
    loadsMw: readonly [number, number],
    effects: readonly [SectionEffects, SectionEffects],
  ): void {
    this.gridPu = around.gridPu;
    this.sections.forEach(({ transformer }, index) => {
      transformer.closed = !(effects[index]?.tripped ?? false);
    });
    this.transfer(dtS);
    this.sections.forEach(({ transformer }, index) => {
      const own = transformer.closed ? (loadsMw[index] ?? 0) : 0;
      const other = this.tieClosed && transformer.closed ? (loadsMw[1 - index] ?? 0) : 0;
      const runaway = effects[index]?.runawayTaps ?? 0;
      transformer.step(dtS, around.gridPu, own + other, around.outdoorC, runaway);
    });
    this.sections.forEach((section, index) => {
      section.busKv = this.voltageOf(index);
    });
  }

  /** Whether a section lives when the tie stands as it does. */
  private transfer(dtS: number): void {
    const closed = this.sections.filter(({ transformer }) => transformer.closed).length;
    if (closed !== 1) {
      this.deadS = 0;
      this.tieClosed = false;
      return;
    }
    this.deadS += dtS;
    if (this.deadS >= transferS) this.tieClosed = true;
  }

  private voltageOf(index: number): number {
    const source = [index, 1 - index]
      .slice(0, this.tieClosed ? 2 : 1)
      .map((place) => this.sections[place]?.transformer)
      .find((transformer) => transformer?.closed);
    const volts = source?.voltageKv(this.gridPu, source.loadMw) ?? 0;
    return volts < deadKv ? 0 : volts;
  }
}
