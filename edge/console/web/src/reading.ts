import { isBad, isGood, qualityName } from '../../../core/quality.ts';
import { unitSign } from '../../../core/unit-sign.ts';
import { gatewayNow, picture, show } from './feed.ts';
import { dateText, decimalsFor, numberText, timeText } from './format.ts';
import { language } from './language.ts';
import type { LimitView, Point, TagView } from './model.ts';
import { stateWord } from './state-words.ts';

export type Trust = 'good' | 'uncertain' | 'bad';

/** One value as it may be shown: never without unit, quality and age. */
export interface Reading {
  readonly value: number;
  readonly text: string;
  readonly unit: string;
  /** Name of the quality, `stale` for everything while the link is lost. */
  readonly quality: string;
  readonly trust: Trust;
  /** ms since the source's time; undefined before the first sample. */
  readonly ageMs: number | undefined;
}

const trustOf = (code: number): Trust => (isBad(code) ? 'bad' : isGood(code) ? 'good' : 'uncertain');

/** Text of a value of a tag: a time, its state's name, or the number with decimals that suit its range. */
export function valueText(tag: TagView, value: number): string {
  if (!Number.isFinite(value)) return '—';
  // history knows when a text changed, not what it was
  if (tag.shows === 'text') return '—';
  if (tag.shows === 'time') return `${dateText(value)} ${timeText(value)}`;
  const state = tag.states?.[String(value)];
  if (state !== undefined) return stateWord(state, language());
  return numberText(value, decimalsFor(tag.unit, tag.low, tag.high, value));
}

/** The newest reading of a tag. */
export function readingOf(index: number, tag: TagView): Reading {
  show(index);
  const { live, link } = picture;
  const value = live.values[index] ?? Number.NaN;
  const time = live.times[index] ?? 0;
  const code = live.quality[index] ?? 133;
  const cut = link === 'lost';
  return {
    value,
    text: tag.shows === 'text' && Number.isFinite(value) ? (picture.texts.get(index) ?? '—') : valueText(tag, value),
    unit: unitSign(tag.unit),
    quality: cut ? 'stale' : qualityName(code),
    trust: cut ? 'bad' : trustOf(code),
    ageMs: time > 0 ? gatewayNow() - time : undefined,
  };
}

export const readingAt = (point: Point): Reading => readingOf(point.tag, point.definition);

/** Whether the value has passed the limit. */
const passes = (limit: LimitView, value: number): boolean =>
  (typeof limit.above === 'number' && value > limit.above) || (typeof limit.below === 'number' && value < limit.below);

/** Whether a limit holds now: some do only while another role of the asset has a certain value. */
function holds({ when }: LimitView, { asset }: Point): boolean {
  const index = when ? asset.roles[when.role] : undefined;
  if (!when || index === undefined || index === null) return !when;
  show(index);
  return picture.live.values[index] === when.equals;
}

/** The limit that a reading is beyond, if any; a bad reading is beyond none. */
export function passedLimit(point: Point, reading: Reading): LimitView | undefined {
  if (!Number.isFinite(reading.value)) return undefined;
  return point.limits.find((limit) => passes(limit, reading.value) && holds(limit, point));
}

const nothing: Reading = {
  value: Number.NaN,
  text: '—',
  unit: '',
  quality: 'not-connected',
  trust: 'bad',
  ageMs: undefined,
};
const rank: Readonly<Record<Trust, number>> = { bad: 0, uncertain: 1, good: 2 };

/** The least trusted of some readings, with the greatest age of all; never silent about one that is missing. */
export function worstReading(readings: readonly Reading[]): Reading {
  const worst = [...readings].sort((a, b) => rank[a.trust] - rank[b.trust])[0] ?? nothing;
  const ages = readings.flatMap(({ ageMs }) => (ageMs === undefined ? [] : [ageMs]));
  return { ...worst, ageMs: ages.length > 0 ? Math.max(...ages) : undefined };
}
