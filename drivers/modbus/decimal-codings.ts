import type { NumberCoding } from './number-coding.ts';

/** Two decimal digits in a byte; NaN when one of them is above 9. */
export const readBcdByte = (byte: number): number =>
  (byte & 15) > 9 || byte >>> 4 > 9 ? Number.NaN : (byte >>> 4) * 10 + (byte & 15);

/** 0–99 as two decimal digits. */
export const bcdByteOf = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10);

const within = (low: number, high: number, value: number): number =>
  Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, Math.round(value)));

/** Four decimal digits a register, the most significant first. A digit above 9 is no digit: NaN, never a number. */
export function bcdCoding(registers: number): NumberCoding {
  return {
    registers,
    read(view) {
      let value = 0;
      for (let byte = 0; byte < 2 * registers; byte++) value = value * 100 + readBcdByte(view.getUint8(byte));
      return value;
    },
    write(view, value) {
      let rest = within(0, 10_000 ** registers - 1, value);
      for (let byte = 2 * registers - 1; byte >= 0; byte--) {
        view.setUint8(byte, bcdByteOf(rest % 100));
        rest = Math.floor(rest / 100);
      }
    },
  };
}

const tenThousand = 10_000;

/**
 * Registers of −9999 to 9999, the first the least significant: R1 + R2 × 10⁴ + R3 × 10⁸ (+ R4 × 10¹²), as energies of
 * PowerLogic PM800, CM3000 and CM4000 are stored (Schneider Electric FAQ FA212766, "Mod10"). Meters that put the most
 * significant first have the order `cdab`. A register beyond is no digit group: NaN.
 */
export function mod10kCoding(registers: number): NumberCoding {
  return {
    registers,
    read(view) {
      let value = 0;
      for (let group = registers - 1; group >= 0; group--) {
        const digits = view.getInt16(2 * group);
        if (digits >= tenThousand || digits <= -tenThousand) return Number.NaN;
        value = value * tenThousand + digits;
      }
      return value;
    },
    write(view, value) {
      const most = Math.min(tenThousand ** registers - 1, Number.MAX_SAFE_INTEGER);
      let rest = within(-most, most, value);
      for (let group = 0; group < registers; group++) {
        view.setInt16(2 * group, rest % tenThousand);
        rest = Math.trunc(rest / tenThousand);
      }
    },
  };
}

/** How mantissa and decimal exponent share the registers of a value. */
interface DecadeLayout {
  /** Ends of the mantissa. */
  readonly lowest: number;
  readonly highest: number;
  exponent(view: DataView): number;
  mantissa(view: DataView): number;
  write(view: DataView, mantissa: number, exponent: number): void;
}

/** Beyond this nothing is measured; SunSpec marks a missing exponent by −32768. */
const maxExponent = 30;
/** Digits behind the point that encoding keeps where the mantissa has room for them. */
const finestExponent = -9;

/**
 * Two registers that hold mantissa × 10^exponent. `exponent-uint24` and `exponent-int24`: exponent in the first byte, 24 bits
 * of mantissa after it (types T5 and T6 of Iskra and Alstom transducers and of the Monarch 7M: −123456 × 10⁻³ is FDFE 1DC0).
 * `mantissa-exponent32`: a 16-bit mantissa, then a 16-bit exponent (a point and its scale factor, as W and W_SF of SunSpec
 * model 103). An exponent beyond ±30, and SunSpec's mantissa 0x8000 (not implemented), are NaN.
 */
export function decadeCoding({ lowest, highest, exponent, mantissa, write }: DecadeLayout): NumberCoding {
  return {
    registers: 2,
    read(view) {
      const power = exponent(view);
      const whole = mantissa(view);
      if (power > maxExponent || power < -maxExponent || whole < lowest) return Number.NaN;
      // dividing by a power of ten rounds once, so that 1234 × 10⁻¹ is 123.4
      return power < 0 ? whole / 10 ** -power : whole * 10 ** power;
    },
    write(view, value) {
      let power = finestExponent;
      const scaled = () => (power < 0 ? value * 10 ** -power : value / 10 ** power) || 0;
      const fits = () => Math.round(scaled()) >= lowest && Math.round(scaled()) <= highest;
      while (power < maxExponent && !fits()) power++;
      let whole = within(lowest, highest, scaled());
      for (; power < 0 && whole % 10 === 0; power++) whole /= 10;
      write(view, whole, power);
    },
  };
}
