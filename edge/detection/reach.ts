import { Quality } from '../core/quality.ts';
import type { TagDefinition, WireType } from '../core/tag.ts';

/** Between which values an instrument measures, in the unit of its tag; ±Infinity where nobody says. */
export interface Reach {
  readonly low: number;
  readonly high: number;
}

export const everywhere: Reach = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/**
 * Raw words that are still values. Analogue modules code overflow as 7FFF hex and underflow as 8000 hex (SIMATIC S7-300,
 * Module Data, "Analog value representation"); unsigned registers stand at their end.
 */
const measuring: Readonly<Partial<Record<WireType, readonly [low: number, high: number]>>> = {
  int16: [-0x7fff, 0x7ffe],
  int32: [-0x7fff_ffff, 0x7fff_fffe],
  uint16: [0, 0xfffe],
  uint32: [0, 0xffff_fffe],
};

/** The values of those words. */
function wordsOf({ wire, scale, offset }: TagDefinition): Reach {
  const words = wire && measuring[wire];
  if (!words) return everywhere;
  const [one, other] = [words[0] * scale + offset, words[1] * scale + offset];
  return { low: Math.min(one, other), high: Math.max(one, other) };
}

const within = (one: Reach, other: Reach): Reach => ({
  low: Math.max(one.low, other.low),
  high: Math.min(one.high, other.high),
});

/** What the range of a tag and its words on the wire let it show. */
export const reachOf = (tag: TagDefinition): Reach => within(tag, wordsOf(tag));

/** A current loop below 3.6 mA or above 21 mA tells of a failure (NAMUR NE 43), by shares of its 16 mA. */
const failureBelowShare = 0.4 / 16;
const failureAboveShare = 1 / 16;

/** Beyond which values the instrument has failed, whatever it measures: a code, or a loop that carries too little or too much. */
export function soundnessOf(tag: TagDefinition): Reach {
  const span = tag.high - tag.low;
  const loop = Number.isFinite(span)
    ? { low: tag.low - failureBelowShare * span, high: tag.high + failureAboveShare * span }
    : everywhere;
  return within(loop, wordsOf(tag));
}

/** Whether an instrument shows that there is more than it can measure. */
export const isOver = ({ high }: Reach, value: number, quality: number): boolean =>
  quality === Quality.overRange || value > high;

/** Whether it shows less than it can measure. */
export const isUnder = ({ low }: Reach, value: number, quality: number): boolean =>
  quality === Quality.underRange || value < low;
