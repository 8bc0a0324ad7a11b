import { utcOffsetMinutes } from '../past/utc-offset.ts';

const hourMs = 3_600_000;

/** Writes moments as the clocks of a zone show them, with their offset from UTC. */
export function localClock(timezone: string): (timeMs: number) => string {
  let [hour, offsetMs, suffix] = [Number.NaN, 0, 'Z'];
  return (timeMs) => {
    const now = Math.floor(timeMs / hourMs);
    if (now !== hour) {
      hour = now;
      const minutes = utcOffsetMinutes(timezone, timeMs);
      offsetMs = minutes * 60_000;
      const part = (value: number) => String(Math.floor(value)).padStart(2, '0');
      suffix = `${minutes < 0 ? '-' : '+'}${part(Math.abs(minutes) / 60)}:${part(Math.abs(minutes) % 60)}`;
    }
    return new Date(timeMs + offsetMs).toISOString().replace('Z', suffix);
  };
}
