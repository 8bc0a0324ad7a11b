import type { Text } from '../../../core/text.ts';
import { href, type Route } from './routes.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;
/** Points drawn at once: more lines than that are not told apart. */
export const maxPoints = 8;
const leastSpanMs = 10_000;
const mostSpanMs = 366 * dayMs;

/** Spans offered, shortest first. */
export const spans: readonly (Text & { readonly ms: number })[] = [
  { ms: 10 * minuteMs, zh: '10 分', en: '10 min' },
  { ms: hourMs, zh: '1 小时', en: '1 h' },
  { ms: 6 * hourMs, zh: '6 小时', en: '6 h' },
  { ms: dayMs, zh: '24 小时', en: '24 h' },
  { ms: weekMs, zh: '7 天', en: '7 d' },
  { ms: 30 * dayMs, zh: '30 天', en: '30 d' },
  { ms: 365 * dayMs, zh: '1 年', en: '1 y' },
];

/** What a trend shows; its address holds all of it. */
export interface TrendChoice {
  readonly tags: readonly string[];
  readonly spanMs: number;
  /** Its right edge, ms since epoch; undefined while it follows the clock. */
  readonly toMs: number | undefined;
  /** Vertical scale: around the values, or the instruments' whole ranges. */
  readonly scale: 'values' | 'range';
  /** Whether the course of a week before lies under it. */
  readonly lastWeek: boolean;
}

/** The choice that an address holds; what is not said or makes no sense is as usual. */
export function choiceOf({ all, how }: Pick<Route, 'all' | 'how'>): TrendChoice {
  const spanMs = Number(how.get('span')) * 1000;
  const toMs = Number(how.get('to'));
  return {
    tags: [...new Set(all)].slice(0, maxPoints),
    spanMs: spanMs > 0 ? Math.min(Math.max(spanMs, leastSpanMs), mostSpanMs) : (spans[0]?.ms ?? leastSpanMs),
    toMs: Number.isFinite(toMs) && toMs > 0 ? toMs : undefined,
    scale: how.get('scale') === 'range' ? 'range' : 'values',
    lastWeek: how.get('week') === 'last',
  };
}

/** The address of a choice. */
export function addressOf({ tags, spanMs, toMs, scale, lastWeek }: TrendChoice): string {
  const how = new URLSearchParams();
  if (spanMs !== spans[0]?.ms) how.set('span', String(Math.round(spanMs / 1000)));
  if (toMs !== undefined) how.set('to', String(Math.round(toMs)));
  if (scale === 'range') how.set('scale', scale);
  if (lastWeek) how.set('week', 'last');
  const said = how.toString();
  return href('trend', ...tags) + (said === '' ? '' : `?${said}`);
}

/** The same half a span earlier or later; what would reach beyond now follows the clock. */
export function moved(choice: TrendChoice, direction: -1 | 1, nowMs: number): TrendChoice {
  const toMs = (choice.toMs ?? nowMs) + (direction * choice.spanMs) / 2;
  return { ...choice, toMs: toMs >= nowMs ? undefined : toMs };
}
