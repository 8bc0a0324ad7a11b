import type { NumberType } from '../api.ts';
import { bcdCoding, decadeCoding, mod10kCoding } from './decimal-codings.ts';
import type { NumberCoding } from './number-coding.ts';
import { bcdClock, unixClock } from './time-codings.ts';

const twoTo32 = 4_294_967_296;

function saturate(low: bigint, high: bigint, value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value <= Number(low)) return low;
  if (value >= Number(high)) return high;
  return BigInt(Math.round(value));
}

/** Of one or two registers. */
function integer(registers: 1 | 2, signed: boolean, read: (view: DataView) => number): NumberCoding {
  const bits = registers * 16;
  const low = signed ? -(2 ** (bits - 1)) : 0;
  const high = 2 ** (signed ? bits - 1 : bits) - 1;
  const put = registers === 1 ? DataView.prototype.setUint16 : DataView.prototype.setUint32;
  const write = (view: DataView, value: number) =>
    put.call(view, 0, Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, Math.round(value))));
  return { registers, read, write };
}

function longInteger(signed: boolean, read: (view: DataView) => number): NumberCoding {
  const low = signed ? -(2n ** 63n) : 0n;
  const high = 2n ** (signed ? 63n : 64n) - 1n;
  const write = (view: DataView, value: number) => view.setBigUint64(0, BigInt.asUintN(64, saturate(low, high, value)));
  return { registers: 4, read, write };
}

/** Every type of number that registers can hold. */
export const codings: Readonly<Record<NumberType, NumberCoding>> = {
  bool: {
    registers: 1,
    read: (view) => (view.getUint16(0) === 0 ? 0 : 1),
    write: (view, value) => view.setUint16(0, value === 0 || Number.isNaN(value) ? 0 : 1),
  },
  int16: integer(1, true, (view) => view.getInt16(0)),
  uint16: integer(1, false, (view) => view.getUint16(0)),
  int32: integer(2, true, (view) => view.getInt32(0)),
  uint32: integer(2, false, (view) => view.getUint32(0)),
  int64: longInteger(true, (view) => view.getInt32(0) * twoTo32 + view.getUint32(4)),
  uint64: longInteger(false, (view) => view.getUint32(0) * twoTo32 + view.getUint32(4)),
  float32: {
    registers: 2,
    read: (view) => view.getFloat32(0),
    write: (view, value) => view.setFloat32(0, value),
  },
  float64: {
    registers: 4,
    read: (view) => view.getFloat64(0),
    write: (view, value) => view.setFloat64(0, value),
  },
  bcd16: bcdCoding(1),
  bcd32: bcdCoding(2),
  mod10k48: mod10kCoding(3),
  mod10k64: mod10kCoding(4),
  'exponent-uint24': decadeCoding({
    ...{ lowest: 0, highest: 0xff_ffff },
    exponent: (view) => view.getInt8(0),
    mantissa: (view) => view.getUint32(0) & 0xff_ffff,
    write: (view, mantissa, exponent) => view.setUint32(0, ((exponent & 0xff) << 24) | mantissa),
  }),
  'exponent-int24': decadeCoding({
    ...{ lowest: -0x80_0000, highest: 0x7f_ffff },
    exponent: (view) => view.getInt8(0),
    mantissa: (view) => (view.getInt32(0) << 8) >> 8,
    write: (view, mantissa, exponent) => view.setUint32(0, ((exponent & 0xff) << 24) | (mantissa & 0xff_ffff)),
  }),
  'mantissa-exponent32': decadeCoding({
    ...{ lowest: -0x7fff, highest: 0x7fff },
    exponent: (view) => view.getInt16(2),
    mantissa: (view) => view.getInt16(0),
    write: (view, mantissa, exponent) => view.setUint32(0, (mantissa << 16) | (exponent & 0xffff)),
  }),
  'time-unix32': unixClock,
  'time-bcd48': bcdClock,
};
