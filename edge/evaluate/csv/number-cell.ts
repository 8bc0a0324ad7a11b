const ZERO = 48;
const NINE = 57;
const powers = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** What the bytes of a cell may say instead of a number when nothing was measured. */
const missing = new Set(['', '-', '--', 'nan', 'null', 'none', 'na', 'n/a', '#n/a', '?', 'nil', '\\n']);

export const isMissingText = (text: string): boolean => missing.has(text.trim().toLowerCase());

/**
 * Reads a decimal number between two places of the bytes, blanks around it allowed; NaN when it is anything else. Below 1e-300 it is 0.
 * @param point code of the decimal sign
 */
export function numberIn(bytes: Uint8Array, start: number, end: number, point: number): number {
  let at = start;
  let last = end;
  while (at < last && (bytes[at] as number) <= 32) at++;
  while (last > at && (bytes[last - 1] as number) <= 32) last--;
  const sign = bytes[at] === 45 ? -1 : 1;
  if (bytes[at] === 45 || bytes[at] === 43) at++;
  let mantissa = 0;
  let digits = 0;
  let scale = 0;
  let fraction = false;
  for (; at < last; at++) {
    const code = bytes[at] as number;
    if (code >= ZERO && code <= NINE) {
      digits++;
      if (mantissa < 1e15) {
        mantissa = mantissa * 10 + (code - ZERO);
        if (fraction) scale--;
      } else if (!fraction) scale++;
    } else if (code === point && !fraction) fraction = true;
    else break;
  }
  if (digits === 0) return Number.NaN;
  if (at < last) {
    const exponent = exponentIn(bytes, at, last);
    if (Number.isNaN(exponent)) return Number.NaN;
    scale += exponent;
  }
  if (scale === 0) return sign * mantissa;
  if (scale < 0 && scale >= -22) return (sign * mantissa) / (powers[-scale] as number);
  return sign * mantissa * 10 ** scale;
}

/** The number after an e or E at `start`; NaN when there is anything else. */
function exponentIn(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== 69 && bytes[start] !== 101) return Number.NaN;
  let at = start + 1;
  const sign = bytes[at] === 45 ? -1 : 1;
  if (bytes[at] === 45 || bytes[at] === 43) at++;
  if (at >= end || end - at > 3) return Number.NaN;
  let exponent = 0;
  for (; at < end; at++) {
    const code = bytes[at] as number;
    if (code < ZERO || code > NINE) return Number.NaN;
    exponent = exponent * 10 + (code - ZERO);
  }
  return sign * exponent;
}
