import type { PointType } from '../../drivers/api.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { type City, type CityOptions, createCity } from '../city/city.ts';
import type { Happening } from '../city/plant.ts';
import { createScans, type PlcScan } from '../plc/scan.ts';

/** A difference counts from so many times the noise of its tag on. */
const sigmas = 3;
/** What the arithmetic of a model may differ by without anything having happened, as a share of a value. */
const arithmetic = 1e-6;
/** Types whose raw values are no counts: they have no smallest step. */
const stepless: readonly PointType[] = ['float32', 'float64'];

interface Twin {
  readonly city: City;
  readonly scans: readonly PlcScan[];
}

/**
 * Two cities of one seed that live alike but for what happens in one of them. Both draw the same noise, so that what
 * differs is the effect alone.
 */
export class Twins {
  private readonly struck: Twin;
  private readonly spared: Twin;
  /** By tag, from which difference on it counts: 3 σ of its noise, and at least half a count of what is counted. */
  private readonly least: Float64Array;
  private readonly assets: readonly (string | undefined)[];

  private constructor(struck: Twin, spared: Twin) {
    this.struck = struck;
    this.spared = spared;
    const points = struck.scans.flatMap(({ plc }) => plc.points);
    this.assets = points.map(({ asset }) => asset);
    this.least = Float64Array.from(points, ({ noise, type, scale }) =>
      Math.max(sigmas * noise, stepless.includes(type) ? 0 : Math.abs(scale) / 2),
    );
  }

  /** Builds both as they stand at `startMs`. */
  static async open(options: CityOptions): Promise<Twins> {
    const [struck, spared] = [await twinOf(options), await twinOf(options)];
    return new Twins(struck, spared);
  }

  get nowMs(): number {
    return this.struck.city.nowMs;
  }

  /** How many tags are compared. */
  get tags(): number {
    return this.least.length;
  }

  /** The asset of which a tag speaks, where it speaks of one. */
  assetOf(tag: number): string | undefined {
    return this.assets[tag];
  }

  /** Starts a happening in one of them. */
  strike(happening: Happening): void {
    this.struck.city.start(happening);
  }

  step(dtS: number): void {
    this.struck.city.step(dtS);
    this.spared.city.step(dtS);
  }

  /** Lets all PLCs scan and calls `differs` with the number of each tag that is not alike. */
  compare(differs: (tag: number) => void): void {
    let tag = 0;
    for (const [plc, own] of this.struck.scans.entries()) {
      const other = this.spared.scans[plc] as PlcScan;
      own.scan();
      other.scan();
      const { raw } = own;
      for (let index = 0; index < raw.length; index++, tag++) {
        // equal raw values, the usual case, need no look at the point
        if (raw[index] === other.raw[index]) continue;
        const [value, usual] = [own.engineering(index), other.engineering(index)];
        const least = Math.max(this.least[tag] as number, arithmetic * Math.abs(usual));
        if (Math.abs(value - usual) > least) differs(tag);
      }
    }
  }

  close(): void {
    for (const { city } of [this.struck, this.spared]) city.dispose();
  }
}

async function twinOf(options: CityOptions): Promise<Twin> {
  const city = await createCity(options);
  return { city, scans: createScans(city.plcs, seededRandom(options.seed, 'plc')) };
}
