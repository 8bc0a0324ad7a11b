import { seededRandom } from '../../edge/core/random.ts';

/** Rate error of a PLC's quartz at most: 60 s a month (S7-1200 system manual, technical data: real-time clock accuracy). */
const worstRate = 60 / (30 * 86_400);
/** A time server sets it right this often (design choice). */
const setEveryMs = 3_600_000;

/**
 * What the clock of a PLC shows at a moment, both ms since epoch: fast or slow by a rate of its own, and set right once an
 * hour at a minute of its own. It depends on the PLC's id alone, so that every copy of a PLC has the same clock.
 */
export function deviceClock(plc: string): (timeMs: number) => number {
  const random = seededRandom(0, `clock/${plc}`);
  const rate = worstRate * (2 * random.next() - 1);
  const setMs = Math.floor(random.next() * setEveryMs);
  return (timeMs) => {
    const sinceSetMs = (((timeMs - setMs) % setEveryMs) + setEveryMs) % setEveryMs;
    return Math.round(timeMs + rate * sinceSetMs);
  };
}
