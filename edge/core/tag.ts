/** Machine types of values as devices carry them. */
export type WireType = 'bool' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64';

/** A measured point as configuration knows it. */
export interface TagDefinition {
  /** `device/point`, unique in one gateway. */
  readonly name: string;
  readonly device: string;
  readonly point: string;
  /** UCUM-style unit code, empty for states. */
  readonly unit: string;
  /** Engineering value = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Plausible range in engineering units; ±Infinity where unknown. */
  readonly low: number;
  readonly high: number;
  /** A change smaller than this (engineering units) is not reported on; 0 reports every change. */
  readonly deadband: number;
  /** Poll period in ms, or requested publishing interval. */
  readonly periodMs: number;
  /** Names of discrete states, e.g. `{0: '停', 1: '运行'}`. */
  readonly states?: Readonly<Record<string, string>>;
  /** What its values are when not quantities: texts, or times in ms since epoch. */
  readonly shows?: 'text' | 'time';
  /** Machine type of the value on the device's wire, where it is one of these. */
  readonly wire?: WireType;
  readonly description: string;
  /** What kind of point it is, where the point table says so; see `tagClass`. */
  readonly class?: string;
}

/** The class by which tags are kept and forwarded: as the point table says, else `text`, `time`, `state` or `measurement`. */
export function tagClass({ class: given, shows, states }: TagDefinition): string {
  return given ?? shows ?? (states ? 'state' : 'measurement');
}

/** Stands at an index that no tag has any more: a change of the configuration leaves the others where they are. */
export const vacantTag: TagDefinition = {
  name: '',
  device: '',
  point: '',
  unit: '',
  scale: 1,
  offset: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  deadband: 0,
  periodMs: 1000,
  description: '',
};

/** All tags of one configuration, index = tag id. Columns that hot paths read are typed arrays. */
export class TagTable {
  readonly definitions: readonly TagDefinition[];
  readonly scale: Float64Array;
  readonly offset: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly deadband: Float64Array;
  readonly periodMs: Float64Array;
  private readonly byName: ReadonlyMap<string, number>;

  constructor(definitions: readonly TagDefinition[]) {
    this.definitions = definitions;
    const column = (pick: (tag: TagDefinition) => number) => Float64Array.from(definitions, pick);
    this.scale = column((tag) => tag.scale);
    this.offset = column((tag) => tag.offset);
    this.low = column((tag) => tag.low);
    this.high = column((tag) => tag.high);
    this.deadband = column((tag) => tag.deadband);
    this.periodMs = column((tag) => tag.periodMs);
    this.byName = new Map(definitions.flatMap((tag, index) => (tag === vacantTag ? [] : [[tag.name, index]])));
  }

  /** Indexes there are; some may be vacant. */
  get size(): number {
    return this.definitions.length;
  }

  /** Tags there are. */
  get count(): number {
    return this.byName.size;
  }

  /** Index of `device/point`, or undefined when no such tag exists. */
  indexOf(name: string): number | undefined {
    return this.byName.get(name);
  }

  /** The definition at an index; throws RangeError on an index outside the table (a programmer's error). */
  at(index: number): TagDefinition {
    const definition = this.definitions[index];
    if (!definition) throw new RangeError(`tag index ${index} outside 0..${this.size - 1}`);
    return definition;
  }

  /** Indexes of this table where the other one has another tag, or none. */
  newIndexes(other: TagTable): number[] {
    return this.definitions.flatMap(({ name }, index) => (name === other.definitions[index]?.name ? [] : [index]));
  }
}
