import type { BodySymbol, PictureSymbol } from '../../../core/picture.ts';
import type { Box } from './schematic.ts';

/** A fitting on a field of 40 × 40 with its line at half height: what is only outlined, and what is filled while it is on. */
interface Fitting {
  readonly outline?: string;
  readonly inner: string;
  /** Drawn in place of `inner` while on. */
  readonly on?: string;
}

const disc = 'M20 5a15 15 0 1 1 0 30a15 15 0 0 1 0-30Z';
const bowTie = 'M6 11 34 29V11L6 29Z';

/** Piping symbols after ISO 10628-2, electrical ones after IEC 60617; reduced to what is read at 40 px. */
export const fittings: Readonly<Partial<Record<PictureSymbol, Fitting>>> = {
  pump: { outline: disc, inner: 'M13.5 10.5 32 20l-18.5 9.5Z' },
  fan: { outline: disc, inner: 'M20 20c-4-5-3-11 1-11s4 6-1 11c6-2 11 1 9 5s-8 1-9-5c-2 6-7 8-10 5s1-7 10-5Z' },
  valve: { inner: bowTie },
  regulator: { outline: bowTie, inner: 'M20 20V9M12 9a8 7.5 0 0 1 16 0Z' },
  filter: { outline: 'M20 4 36 20 20 36 4 20Z', inner: 'M20 8v4M20 15v4M20 22v4M20 29v4' },
  meter: { outline: disc, inner: 'M20 20l7-8M11.5 20h2M26.5 20h2M20 11.5v2' },
  doser: { outline: disc, inner: 'M20 10.5c3.5 4.2 5.5 7 5.5 10a5.5 5.5 0 0 1-11 0c0-3 2-5.8 5.5-10Z' },
  point: { inner: 'M20 15.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9Z' },
  breaker: { inner: 'M9 9h22v22H9Z' },
  switch: { outline: 'M4 8h32v24H4Z', inner: 'M4 20h8M28 20h8M12 20 26 11', on: 'M4 20h32' },
  transformer: {
    outline: 'M14 9a11 11 0 1 1 0 22a11 11 0 0 1 0-22Z',
    inner: 'M26 9a11 11 0 1 1 0 22a11 11 0 0 1 0-22Z',
  },
};

/** Signs of bodies on a field of 24 × 24. */
export const bodySigns: Readonly<Record<BodySymbol, string>> = {
  tank: 'M4 5h16v12a8 3 0 0 1-16 0ZM4 11c2.7-2 5.3 2 8 0s5.3 2 8 0',
  well: 'M1.5 5H6v15h12V5h4.5M6 12c2-1.8 4 1.8 6 0s4 1.8 6 0',
  zone: 'M2.5 20v-7l5-4 5 4v7ZM12.5 20V7l4.5-3.5L21.5 7v13Z',
  boiler: 'M12 3c1 4 5.5 6 5.5 11a5.5 5.5 0 0 1-11 0c0-2.5 1.5-4 2.5-5 .500 2 1.5 2.5 2 2.5C12 9 11 6 12 3Z',
  exchanger: 'M4 4h16v16H4ZM1.5 9H9l6 6h7.5M1.5 15H9l6-6h7.5',
  room: 'M3 20V11a9 7 0 0 1 18 0v9ZM3 15.5h18M8 4.9V15.5M16 4.9V15.5',
  road: 'M2 7h4c2 0 2 9 4 9h4c2 0 2-9 4-9h4M8.5 12.5h7',
  busbar: 'M3 12h18M7 12V5M12 12v7M17 12V5',
  lamps: 'M6 21V6a3 3 0 0 1 3-3h6M12.5 3h7l-1 4h-5ZM14 10l-1 2.5M18 10l1 2.5',
  building: 'M5 21V3h14v18ZM9 7h2M13 7h2M9 11h2M13 11h2M9 15h2M13 15h2',
  hydrant: 'M8 20V9a4 4 0 0 1 8 0v11ZM6 20h12M8 12H5.5M16 12h2.5M12 5V3',
  span: 'M1.5 9h21M4 9v3M20 9v3M4 17v-5c4-1.5 12-1.5 16 0v5',
  pier: 'M3 4h18v3H3ZM9 7v13M15 7v13M2 15c1.5-1.3 3 1.3 4.5 0M17.5 15c1.5-1.3 3 1.3 4.5 0',
  controller: 'M4 3h16v18H4ZM8 7h8v4H8ZM8 15h2M12 15h2M8 18h2M12 18h2',
  box: 'M4 4h16v16H4Z',
};

/** Symbols whose lines are wires. */
const electrical: readonly PictureSymbol[] = [
  'breaker',
  'switch',
  'transformer',
  'busbar',
  'lamps',
  'building',
  'controller',
];
export const isWired = (symbols: readonly { readonly symbol: PictureSymbol }[]): boolean =>
  symbols.some(({ symbol }) => electrical.includes(symbol));

/** The wall of a body: a vessel closed below, one open to the street, or a plain wall. */
export function wallOf(symbol: PictureSymbol, { x, y, width, height }: Box): string {
  const [right, bottom] = [x + width, y + height];
  if (symbol === 'tank') {
    return `M${x} ${y}H${right}V${bottom - 14}Q${right} ${bottom} ${right - 14} ${bottom}H${x + 14}Q${x} ${bottom} ${x} ${bottom - 14}Z`;
  }
  return `M${x + 4} ${y}H${right - 4}Q${right} ${y} ${right} ${y + 4}V${bottom - 4}Q${right} ${bottom} ${right - 4} ${bottom}H${x + 4}Q${x} ${bottom} ${x} ${bottom - 4}V${y + 4}Q${x} ${y} ${x + 4} ${y}Z`;
}
