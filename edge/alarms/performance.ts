import { chatterMs, isChattering } from '../core/alarm.ts';
import type { AlarmPerformance, Announced, Counted } from '../core/alarm-performance.ts';
import { fleetingMs, withActivation } from './chatter.ts';
import { FloodWatch, floodWindowMs } from './flood.ts';

const tenMinutesMs = 600_000;
const dayMs = 86_400_000;
const mostTop = 10;
const mostListed = 50;

/**
 * How the alarm system did in [from, to).
 * @param alarms those that stood or were announced then, in any order
 */
export function performanceOf(alarms: readonly Announced[], from: number, to: number): AlarmPerformance {
  const within = alarms.filter(({ raisedAt }) => raisedAt >= from && raisedAt < to);
  const times = within.map(({ raisedAt }) => raisedAt).sort((a, b) => a - b);
  const slots = Map.groupBy(times, (time) => Math.floor((time - from) / tenMinutesMs));
  const floods = floodsIn(times, to);
  const count = (wanted: Announced['priority']) => within.filter(({ priority }) => priority === wanted).length;
  const share = (part: number) => (within.length === 0 ? 0 : part / within.length);
  const waits = within
    .flatMap(({ raisedAt, acknowledgedAt }) =>
      acknowledgedAt === undefined ? [] : [(acknowledgedAt - raisedAt) / 1000],
    )
    .sort((a, b) => a - b);
  return {
    ...{ from, to, announced: within.length },
    meanPer10Min: within.length / Math.max(1, (to - from) / tenMinutesMs),
    peakPer10Min: Math.max(0, ...[...slots.values()].map(({ length }) => length)),
    floodShare: floods.reduce((sum, flood) => sum + flood.to - flood.from, 0) / Math.max(1, to - from),
    floods: floods.length,
    mix: {
      ...{ critical: share(count('critical')), high: share(count('high')) },
      ...{ medium: share(count('medium')), low: share(count('low')) },
    },
    top: countedBy(within, () => 1)
      .slice(0, mostTop)
      .map((one) => ({ ...one, share: share(one.count) })),
    chattering: countedBy(within, () => 0, burstsOf).slice(0, mostListed),
    fleeting: countedBy(
      within,
      ({ raisedAt, clearedAt = Number.POSITIVE_INFINITY, fleetingHeld = 0 }) =>
        fleetingHeld + Number(clearedAt - raisedAt < fleetingMs),
    ).slice(0, mostListed),
    stale: staleIn(alarms, from, to),
    acknowledgeS: { median: quantile(waits, 0.5), p95: quantile(waits, 0.95) },
    unacknowledged: within.filter(({ acknowledgedAt = to }) => acknowledgedAt >= to).length,
  };
}

/** The least value that the share of all does not exceed; null of none. */
const quantile = (sorted: readonly number[], share: number): number | null =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;

/** Floods by the rule of `FloodWatch`, cut at the end of the span. */
function floodsIn(times: readonly number[], to: number): { readonly from: number; readonly to: number }[] {
  const floods: { from: number; to: number }[] = [];
  const watch = new FloodWatch();
  let began: number | undefined;
  const look = (now: number) => {
    if (watch.current && began === undefined) began = now;
    if (watch.current || began === undefined) return;
    floods.push({ from: began, to: now });
    began = undefined;
  };
  // the count changes when an alarm comes and when one is ten minutes old
  let leaving = 0;
  for (const time of [...times, to]) {
    for (; (times[leaving] ?? to) + floodWindowMs <= time; leaving++) {
      const now = (times[leaving] as number) + floodWindowMs;
      watch.look(now);
      look(now);
    }
    if (time < to) watch.announce(time);
    look(Math.min(time, to));
  }
  if (began !== undefined) floods.push({ from: began, to });
  return floods;
}

/** Sums over the announcements of each alarm, without those of none, the most first. */
function countedBy(
  alarms: readonly Announced[],
  countOf: (alarm: Announced) => number,
  more: (of: readonly Announced[]) => number = () => 0,
): Counted[] {
  return [...Map.groupBy(alarms, ({ id }) => id)]
    .map(([id, of]) => ({ id, count: of.reduce((sum, alarm) => sum + countOf(alarm), 0) + more(of) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.id.localeCompare(b.id));
}

/** How often one alarm began to chatter: a burst goes on until a minute without an activation. */
function burstsOf(of: readonly Announced[]): number {
  const times = of.flatMap(({ activatedAt }) => activatedAt).sort((a, b) => a - b);
  let bursts = 0;
  let chatters = false;
  let last: readonly number[] = [];
  for (const time of times) {
    if (time - (last.at(-1) ?? Number.NEGATIVE_INFINITY) > chatterMs) chatters = false;
    last = withActivation(last, time);
    if (!chatters && isChattering({ activatedAt: last }, time)) {
      bursts++;
      chatters = true;
    }
  }
  return bursts;
}

function staleIn(alarms: readonly Announced[], from: number, to: number): AlarmPerformance['stale'] {
  const hours = new Map<string, number>();
  for (const { id, raisedAt, clearedAt = Number.POSITIVE_INFINITY } of alarms) {
    const endMs = Math.min(clearedAt, to);
    const stoodMs = endMs - raisedAt;
    if (endMs <= from || raisedAt >= to || stoodMs <= dayMs) continue;
    hours.set(id, Math.max(hours.get(id) ?? 0, stoodMs / 3_600_000));
  }
  return [...hours]
    .map(([id, stood]) => ({ id, hours: stood }))
    .sort((a, b) => b.hours - a.hours || a.id.localeCompare(b.id))
    .slice(0, mostListed);
}
