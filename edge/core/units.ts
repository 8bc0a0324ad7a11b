/**
 * Units as point tables write them (after UCUM): atoms with prefixes spelt out, joined by `/` and `.`, with whole
 * powers, such as `m3/h`, `kWh/m3`, `mg/L`. Factors lead to SI (BIPM, SI Brochure, 9th edition).
 */
export interface Unit {
  /** As it is written; empty where a product of units has no common name. */
  readonly name: string;
  /** Powers of metre, kilogram, second, ampere, kelvin, and cubic metre of gas at normal conditions. */
  readonly dimension: readonly number[];
  /** SI value = value × factor. */
  readonly factor: number;
  /** Whether values count from a zero of the scale's own, as degrees Celsius do. */
  readonly absolute: boolean;
}

type Powers = Partial<Record<'m' | 'kg' | 's' | 'A' | 'K' | 'Nm3', number>>;

const bases = ['m', 'kg', 's', 'A', 'K', 'Nm3'] as const;
const length: Powers = { m: 1 };
const volume: Powers = { m: 3 };
const mass: Powers = { kg: 1 };
const time: Powers = { s: 1 };
const pressure: Powers = { kg: 1, m: -1, s: -2 };
const power: Powers = { kg: 1, m: 2, s: -3 };
const energy: Powers = { kg: 1, m: 2, s: -2 };
const ratio: Powers = {};
const metreOfWaterPa = 9806.65;

const atoms: Readonly<Record<string, readonly [factor: number, powers: Powers]>> = {
  ...{ m: [1, length], mm: [1e-3, length], cm: [1e-2, length], km: [1e3, length] },
  ...{ L: [1e-3, volume], l: [1e-3, volume], mL: [1e-6, volume], ml: [1e-6, volume], Nm3: [1, { Nm3: 1 }] },
  ...{ kg: [1, mass], g: [1e-3, mass], mg: [1e-6, mass], t: [1e3, mass] },
  ...{ s: [1, time], min: [60, time], h: [3600, time], d: [86_400, time] },
  ...{ Pa: [1, pressure], kPa: [1e3, pressure], MPa: [1e6, pressure], mbar: [100, pressure], bar: [1e5, pressure] },
  ...{ mH2O: [metreOfWaterPa, pressure], mmH2O: [metreOfWaterPa / 1000, pressure] },
  ...{ W: [1, power], kW: [1e3, power], MW: [1e6, power] },
  ...{ J: [1, energy], kJ: [1e3, energy], MJ: [1e6, energy], GJ: [1e9, energy] },
  ...{ Wh: [3600, energy], kWh: [3.6e6, energy], MWh: [3.6e9, energy] },
  ...{ A: [1, { A: 1 }], mA: [1e-3, { A: 1 }] },
  ...{ V: [1, { kg: 1, m: 2, s: -3, A: -1 }], kV: [1e3, { kg: 1, m: 2, s: -3, A: -1 }] },
  ...{ Hz: [1, { s: -1 }], rpm: [1 / 60, { s: -1 }] },
  ...{ K: [1, { K: 1 }], Cel: [1, { K: 1 }], '℃': [1, { K: 1 }], '°C': [1, { K: 1 }] },
  ...{ '1': [1, ratio], '%': [0.01, ratio] },
};
const celsius: ReadonlySet<string> = new Set(['Cel', '℃', '°C']);

/** Names for products of units, the usual one first. */
const commonNames = ['m3', 'L', 'Nm3', 'kWh', 'MWh', 'kg', 't', 'm3/h', 'L/s', 'Nm3/h', 'kW', 'h', 's', '1'];

/** A count, a state, a share: what has no dimension. */
export const dimensionless: Unit = { name: '', dimension: bases.map(() => 0), factor: 1, absolute: false };

/** Reads a unit; undefined for an empty text and for what the table does not know. */
export function parseUnit(text: string): Unit | undefined {
  let unit = dimensionless;
  let sign = 1;
  for (const [index, part] of text
    .trim()
    .split(/([/.·])/)
    .entries()) {
    if (index % 2 === 1) sign = part === '/' ? -1 : 1;
    else {
      const factor = parseFactor(part);
      if (!factor) return undefined;
      unit = product(unit, factor, sign);
    }
  }
  return { ...unit, name: text.trim(), absolute: celsius.has(text.trim()) };
}

/** One atom with an optional power: `m3`, `m³`, `s2`. */
function parseFactor(text: string): Unit | undefined {
  const whole = atomOf(text);
  if (whole) return whole;
  const match = /^(\D+)([23²³])$/.exec(text);
  const atom = atomOf(match?.[1] ?? '');
  if (!match || !atom) return undefined;
  const exponent = match[2] === '2' || match[2] === '²' ? 2 : 3;
  return { ...atom, dimension: atom.dimension.map((each) => each * exponent), factor: atom.factor ** exponent };
}

function atomOf(name: string): Unit | undefined {
  const found = Object.hasOwn(atoms, name) ? atoms[name] : undefined;
  if (!found) return undefined;
  const [factor, powers] = found;
  return { name, dimension: bases.map((base) => powers[base] ?? 0), factor, absolute: false };
}

function product(a: Unit, b: Unit, power: number): Unit {
  const dimension = a.dimension.map((each, index) => each + power * (b.dimension[index] as number));
  return { name: '', dimension, factor: a.factor * b.factor ** power, absolute: false };
}

/** The unit of a product (`power` 1) or quotient (−1), under its usual name where there is one. */
export function multiplyUnits(a: Unit, b: Unit, power: 1 | -1): Unit {
  const unit = product(a, b, power);
  const plain = (name: string) => name !== '' && !name.includes('/');
  const quotient = power === -1 && plain(a.name) && plain(b.name) ? `${a.name}/${b.name}` : '';
  const common = commonNames.find((name) => {
    const candidate = parseUnit(name) ?? dimensionless;
    return sameDimension(candidate, unit) && Math.abs(candidate.factor / unit.factor - 1) < 1e-9;
  });
  return { ...unit, name: common === '1' ? '' : (common ?? quotient) };
}

export const sameDimension = (a: Unit, b: Unit): boolean =>
  a.dimension.every((power, index) => power === b.dimension[index]);

/** By what a value in `from` is multiplied to be one in `to`; undefined when one is unknown or their dimensions differ. */
export function factorBetween(from: string, to: string): number | undefined {
  const [a, b] = [parseUnit(from), parseUnit(to)];
  return a && b && sameDimension(a, b) ? a.factor / b.factor : undefined;
}
