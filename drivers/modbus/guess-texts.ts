import { both } from '../../edge/core/text.ts';
import type { NumberType, TextType, WordOrder } from '../api.ts';
import type { Guess } from './guessed.ts';
import { decodeValue, registersOf } from './registers.ts';
import { textReaderOf } from './text.ts';

/** Fewer characters than this are found in any bytes. */
const fewestCharacters = 3;
/** From here on, chance hardly ever gives nothing but printable characters. */
const tellingRegisters = 3;
const wordShare = 0.6;
/** Clocks of devices in service; one that was never set says nothing. */
const earliestMs = Date.UTC(2015, 0, 1);
const latestMs = Date.UTC(2045, 0, 1);
/** Between two readings a clock moves on by seconds. */
const longestStepMs = 10_000;

const clocks: readonly { readonly type: NumberType; readonly orders: readonly WordOrder[]; readonly worth: number }[] =
  [
    { type: 'time-bcd48', orders: ['abcd', 'badc', 'cdab', 'dcba'], worth: 0.95 },
    { type: 'time-unix32', orders: ['abcd', 'cdab', 'badc', 'dcba'], worth: 0.85 },
  ];
/** GBK is not among them: hardly any bytes are none. */
const encodings: readonly TextType[] = ['string-ascii', 'string-utf8'];
const swappedWorth = 0.97;

/** The whole span as a text, in every encoding and order in which it reads as words; `before` is the reading before. */
export function textGuesses(last: Uint16Array, before: Uint16Array): Guess[] {
  const found = new Map<string, Guess>();
  for (const type of encodings) {
    for (const order of ['abcd', 'badc'] as const) {
      const read = textReaderOf(type, order, last.length);
      const text = read(last, 0);
      if (text === undefined || !looksLikeWords(text) || found.has(`${order} ${text}`)) continue;
      const steady = read(before, 0) === text;
      const worth = (last.length < tellingRegisters ? 0.6 : 0.95) * (order === 'abcd' ? 1 : swappedWorth);
      const score = Math.round((steady ? worth : worth / 2) * 1000) / 1000;
      const why = steady
        ? both('letters and digits', '字母和数字')
        : both('letters and digits, but others a moment ago', '字母和数字，但片刻前不同');
      found.set(`${order} ${text}`, {
        type,
        order,
        scale: 1,
        values: [text],
        before: [read(before, 0) ?? ''],
        score,
        why,
      });
    }
  }
  return [...found.values()];
}

function looksLikeWords(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  return text.length >= fewestCharacters && words >= wordShare * text.length;
}

/** The span as a clock, where it is one of our time that goes on from one reading to the next. */
export function timeGuesses(last: Uint16Array, before: Uint16Array): Guess[] {
  return clocks.flatMap(({ type, orders, worth }) => {
    if (last.length !== registersOf(type)) return [];
    return orders.flatMap((order): Guess[] => {
      const [now, then] = [decodeValue(type, order, last, 0), decodeValue(type, order, before, 0)];
      if (!(now >= earliestMs && now < latestMs && now >= then && now - then <= longestStepMs)) return [];
      const score = now > then ? worth : worth * 0.8;
      const why =
        now > then
          ? both('a clock of our time that goes', '走动的当今时钟')
          : both('a time of our days that stands still', '静止的当今时间');
      return [{ type, order, scale: 1, values: [now], before: [then], score, why }];
    });
  });
}
