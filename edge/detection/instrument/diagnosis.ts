/** What the leap of one instrument, alone among its neighbours, is known by. */
export type LeapCause = 'times-ten' | 'unit-change' | 'broken' | 'bias';

/** How near a value must come to what is tried, as a share of the leap. */
const nearShare = 0.05;
/** Words in which a PLC tells that an input is broken (S7: 7FFF hex, 7FFF FFFF hex). */
const brokenRaw = [0x7fff, 0x7fff_ffff];

/** The same quantity in the unit that a replaced instrument may speak: °F, psi, L/s, ft. */
const foreignUnits: Readonly<Record<string, (value: number) => number>> = {
  Cel: (celsius) => 1.8 * celsius + 32,
  MPa: (mpa) => 145.0377 * mpa,
  kPa: (kpa) => 0.1450377 * kpa,
  'm3/h': (m3h) => m3h / 3.6,
  m: (metres) => 3.28084 * metres,
};

/** How raw words become values. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
}

/** Names what took a value `from` where it was `to` where it is, in an instant. */
export function causeOfLeap(from: number, to: number, unit: string, scaling: Scaling): LeapCause {
  const near = (tried: number) => Math.abs(to - tried) <= nearShare * Math.abs(to - from);
  if (brokenRaw.some((raw) => Math.abs((to - scaling.offset) / scaling.scale - raw) < 1)) return 'broken';
  const foreign = foreignUnits[unit];
  if (foreign && near(foreign(from))) return 'unit-change';
  return near(10 * from) ? 'times-ten' : 'bias';
}

const words = new DataView(new ArrayBuffer(4));

/** The values that the same two registers give in the other order of words: as a float32 and as a 32-bit integer. */
export function otherWordOrder(value: number, { scale, offset }: Scaling): readonly number[] {
  const raw = (value - offset) / scale;
  const swapped = (read: (view: DataView) => number) => {
    const [high, low] = [words.getUint16(0), words.getUint16(2)];
    words.setUint16(0, low);
    words.setUint16(2, high);
    return read(words) * scale + offset;
  };
  words.setFloat32(0, raw);
  const asFloat = swapped((view) => view.getFloat32(0));
  const whole = Math.round(raw);
  if (Math.abs(raw - whole) > 1e-6 || Math.abs(whole) > 0xffff_ffff) return [asFloat];
  words.setInt32(0, whole | 0);
  return [asFloat, swapped((view) => view.getInt32(0))];
}
