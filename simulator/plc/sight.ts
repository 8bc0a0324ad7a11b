import type { Random } from '../../edge/core/random.ts';
import type { Plc } from '../city/plant.ts';
import { Instrument } from './instrument.ts';

/** The same PLC with an instrument for each point. */
export function equipped(plc: Plc): Plc & Required<Pick<Plc, 'instruments'>> {
  return { ...plc, instruments: plc.instruments ?? plc.points.map((point) => new Instrument(point)) };
}

/**
 * What the programs of a plant's PLCs see of their points. A program that reads here and not the truth acts on what its
 * instruments say, right or wrong.
 */
export class PlcSight {
  private readonly random: Random;
  private readonly instruments = new Map<string, Instrument>();
  private readonly wanted = new Set<string>();

  /** `random` makes the noise that programs see; what clients are told has noise of its own. */
  constructor(random: Random) {
    this.random = random;
  }

  /** Gives a PLC the instruments through which its program looks. */
  equip(plc: Plc): Plc {
    const seeing = equipped(plc);
    for (const instrument of seeing.instruments) this.instruments.set(`${plc.id}/${instrument.point.name}`, instrument);
    for (const tag of this.wanted) this.mark(tag);
    return seeing;
  }

  /**
   * How a program reads a point, `plc/point`, in the point's unit. It may be asked for before the PLC is equipped; to read a
   * point that there is not is a RangeError.
   */
  of(tag: string): () => number {
    const random = this.random.fork(tag);
    return this.reading(tag, ({ point }) => (point.noise > 0 ? random.normal() : 0));
  }

  /** The same for a program that takes the mean of many scans, in which noise cancels out. */
  meanOf(tag: string): () => number {
    return this.reading(tag, () => 0);
  }

  private reading(tag: string, noiseOf: (instrument: Instrument) => number): () => number {
    this.wanted.add(tag);
    this.mark(tag);
    let instrument: Instrument | undefined;
    return () => {
      instrument ??= this.instruments.get(tag);
      if (!instrument) throw new RangeError(`no PLC here has a point ${tag}`);
      return instrument.see(noiseOf(instrument));
    };
  }

  private mark(tag: string): void {
    const instrument = this.instruments.get(tag);
    if (instrument) instrument.steers = true;
  }
}
