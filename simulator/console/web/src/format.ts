import { language } from '../../../../edge/console/web/src/language.ts';

const zone = 'Asia/Shanghai';
const dayFormat = { year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short', timeZone: zone } as const;
const timeFormat = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone } as const;

const locale = () => (language() === 'zh' ? 'zh-CN' : 'en-GB');

/** `08:05:09`, as the city's clocks show it. */
export const timeText = (ms: number): string => new Intl.DateTimeFormat('en-GB', timeFormat).format(ms);

/** Day with its weekday, as the city's clocks show it. */
export const dayText = (ms: number): string => new Intl.DateTimeFormat(locale(), dayFormat).format(ms);

/** A figure to four digits, a true minus; `—` when there is none. */
export function figureText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '—';
  const text = Math.abs(value) >= 10_000 ? Math.abs(value).toFixed(0) : String(Number(Math.abs(value).toPrecision(4)));
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
