import { bcdByteOf, readBcdByte } from './decimal-codings.ts';
import type { NumberCoding } from './number-coding.ts';

const firstYear = 2000;
const dayMs = 86_400_000;
/** 2000-01-01 and the last second of 2099, ms since epoch. */
const firstMs = Date.UTC(firstYear, 0, 1);
const lastMs = Date.UTC(firstYear + 100, 0, 1) - 1000;

/** Seconds since 1970-01-01 UTC as uint32, as ms since epoch. */
export const unixClock: NumberCoding = {
  registers: 2,
  read: (view) => view.getUint32(0) * 1000,
  write: (view, value) => view.setUint32(0, Math.min(0xffff_ffff, Math.max(0, Math.round(value / 1000)))),
};

/**
 * YYMMDDhhmmss in three registers of packed decimal digits, 2000–2099, as ms since epoch of that clock taken as UTC: what
 * zone the clock is set to is the device's affair. A digit above 9 or a date that does not exist is NaN.
 */
export const bcdClock: NumberCoding = {
  registers: 3,
  read(view) {
    const year = firstYear + readBcdByte(view.getUint8(0));
    const month = readBcdByte(view.getUint8(1));
    const day = readBcdByte(view.getUint8(2));
    const hour = readBcdByte(view.getUint8(3));
    const minute = readBcdByte(view.getUint8(4));
    const second = readBcdByte(view.getUint8(5));
    const days = (Date.UTC(year, month, 1) - Date.UTC(year, month - 1, 1)) / dayMs;
    const exists = month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
    return exists ? Date.UTC(year, month - 1, day, hour, minute, second) : Number.NaN;
  },
  write(view, value) {
    const at = new Date(Number.isNaN(value) ? firstMs : Math.min(lastMs, Math.max(firstMs, value)));
    const parts = [at.getUTCFullYear() - firstYear, at.getUTCMonth() + 1, at.getUTCDate()];
    const all = [...parts, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
    for (const [byte, part] of all.entries()) view.setUint8(byte, bcdByteOf(part));
  },
};
