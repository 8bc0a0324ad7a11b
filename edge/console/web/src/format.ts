import { isCount } from '../../../core/unit-sign.ts';
import { language } from './language.ts';

/** Decimals worth showing for a range: about a thousandth of the span; none of what is counted. */
export function decimalsFor(unit: string, low: number | null, high: number | null, value: number): number {
  if (isCount(unit) && Number.isInteger(value)) return 0;
  const span = low === null || high === null ? Math.abs(value) * 2 || 1 : high - low;
  return Math.max(0, Math.min(3, 3 - Math.floor(Math.log10(Math.max(span, 1e-9)))));
}

/** A number with fixed decimals, a true minus and thin groups; `—` when there is none. */
export function numberText(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '—';
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A constant such as a limit, as short as it is exact to four digits. */
export const constantText = (value: number | null | undefined): string =>
  typeof value === 'number' && Number.isFinite(value)
    ? numberText(value, (String(Number(value.toPrecision(4))).split('.')[1] ?? '').length)
    : '—';

const steps = [
  { aboveS: 172_800, perS: 86_400, zh: '天', en: 'd' },
  { aboveS: 7_200, perS: 3_600, zh: '小时', en: 'h' },
  { aboveS: 120, perS: 60, zh: '分', en: 'min' },
  { aboveS: 0, perS: 1, zh: '秒', en: 's' },
] as const;

/** A length of time in its natural unit: `3 s`, `14 min`, `5 h`. Never below zero. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const step = steps.find(({ aboveS }) => seconds >= aboveS) ?? steps[3];
  return `${Math.floor(seconds / step.perS)} ${step[language()]}`;
}

const two = (part: number) => String(part).padStart(2, '0');

/** `08:05:09` on this screen's clock. */
export function timeText(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-01-15`, the same in both languages. */
export function dateText(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The time, with the date before it when that is another day than `nowMs`. */
export const momentText = (ms: number, nowMs: number): string =>
  dateText(ms) === dateText(nowMs) ? timeText(ms) : `${dateText(ms)} ${timeText(ms)}`;

/** `08:05:09.123` on this screen's clock. */
export const preciseTimeText = (ms: number): string =>
  `${timeText(ms)}.${String(new Date(ms).getMilliseconds()).padStart(3, '0')}`;

/** A period or another short duration, exact to three digits: `250 ms`, `1.5 s`. */
export function periodText(ms: number): string {
  const seconds = ms >= 1000;
  return `${constantText(Number((seconds ? ms / 1000 : ms).toPrecision(3)))} ${seconds ? 's' : 'ms'}`;
}
