/** How values of several wires that lead to one place become one. */
type Join = (before: number, next: number) => number;

const sum: Join = (before, next) => before + next;
const largest: Join = Math.max;
const smallest: Join = Math.min;

/** What a place holds that no wire leads to, and how several wires join there. */
interface Quantity {
  readonly neutral: number;
  readonly join: Join;
}

/**
 * What plants give to each other. A new quantity is a line here:
 *
 * - `supply`: voltage at the terminals in per unit of the nominal one, 0 while there is none or it is held back;
 * - `control`: 1 while the supply of a controller stands, its battery included, else 0;
 * - `electric-load`: active power drawn, kW;
 * - `water-leak`: water that escapes, m³/h;
 * - `heat-release`: heat that escapes, kW;
 * - `steam`: vapour that escapes, kg/s;
 * - `gas-leak`: natural gas that escapes, Nm³/h;
 * - `gas-pressure`: gauge pressure of a gas main, Pa; not a number where no gas network tells;
 * - `pipe-temperature`: mean of supply and return of a heat pipe, °C; not a number where no heating network tells;
 * - `hydrant-use`: water that firemen take, L/s;
 * - `room-temperature`: mean temperature of heated rooms, °C.
 */
const quantities = {
  supply: { neutral: 1, join: largest },
  control: { neutral: 1, join: largest },
  'electric-load': { neutral: 0, join: sum },
  'water-leak': { neutral: 0, join: sum },
  'heat-release': { neutral: 0, join: sum },
  steam: { neutral: 0, join: sum },
  'gas-leak': { neutral: 0, join: sum },
  'gas-pressure': { neutral: Number.NaN, join: largest },
  'pipe-temperature': { neutral: Number.NaN, join: largest },
  'hydrant-use': { neutral: 0, join: sum },
  'room-temperature': { neutral: 20, join: smallest },
} as const satisfies Readonly<Record<string, Quantity>>;

export type CouplingKind = keyof typeof quantities;

/** One wire of the city: what is offered at `from` is taken at `to`, both `utility/place`, times `factor` (1). */
export interface Wire {
  readonly kind: CouplingKind;
  readonly from: string;
  readonly to: string;
  /** Asset that feeds its end, where that is none: what goes out there shows at it too. */
  readonly feeder?: string;
  readonly factor?: number;
}

/** One plant's side of the wires; places are the plant's own names. All ends are named while the plant is made. */
export interface Couplings {
  /** Lets others read a quantity at a place; RangeError when the place offers it already. */
  offer(kind: CouplingKind, place: string, read: () => number): void;
  /** What arrives at a place: what the other plants offered at the end of their previous step. */
  take(kind: CouplingKind, place: string): () => number;
}

/** For a plant that stands alone: nobody reads its offers and neutral values arrive. */
export const uncoupled: Couplings = {
  offer() {},
  take: (kind) => () => quantities[kind].neutral,
};

/** The offering end of a wire. */
interface Source {
  readonly read: () => number;
  readonly factor: number;
}

const given = (source: Source | undefined): number => (source ? source.read() * source.factor : Number.NaN);

/** What arrives at one place, and from where. */
interface Arrival {
  value: number;
  readonly quantity: Quantity;
  readonly sources: Source[];
}

const utilityOf = (end: string): string => end.slice(0, end.indexOf('/'));

/**
 * The wires between the plants of one city. Values move only in `exchange`, after all plants have made their step, so
 * that the order of the plants means nothing.
 */
export class Wiring {
  private readonly offers = new Map<string, () => number>();
  private readonly arrivals = new Map<string, Arrival>();
  private wired: readonly Arrival[] = [];

  /** The side of one utility. */
  of(utility: string): Couplings {
    return {
      offer: (kind, place, read) => {
        const key = `${kind} ${utility}/${place}`;
        if (this.offers.has(key)) throw new RangeError(`${key} is offered twice`);
        this.offers.set(key, read);
      },
      take: (kind, place) => {
        const key = `${kind} ${utility}/${place}`;
        const quantity = quantities[kind];
        const arrival = this.arrivals.get(key) ?? { value: quantity.neutral, quantity, sources: [] };
        this.arrivals.set(key, arrival);
        return () => arrival.value;
      },
    };
  }

  /**
   * Lays wires, but for those to or from a utility that is not `built`; gives those that were laid. RangeError for an
   * end that its plant does not have.
   */
  lay(wires: readonly Wire[], built: readonly string[]): readonly Wire[] {
    const laid = wires.filter(({ from, to }) => [from, to].every((end) => built.includes(utilityOf(end))));
    for (const { kind, from, to, factor = 1 } of laid) {
      const read = this.offers.get(`${kind} ${from}`);
      if (!read) throw new RangeError(`wire ${from} → ${to}: nothing at ${from} offers ${kind}`);
      const arrival = this.arrivals.get(`${kind} ${to}`);
      if (!arrival) throw new RangeError(`wire ${from} → ${to}: nothing at ${to} takes ${kind}`);
      arrival.sources.push({ read, factor });
    }
    this.wired = [...this.arrivals.values()].filter(({ sources }) => sources.length > 0);
    return laid;
  }

  /** Moves what is offered now to where it is taken. */
  exchange(): void {
    for (const arrival of this.wired) {
      const { sources, quantity } = arrival;
      let value = given(sources[0]);
      for (let index = 1; index < sources.length; index++) value = quantity.join(value, given(sources[index]));
      arrival.value = value;
    }
  }
}
