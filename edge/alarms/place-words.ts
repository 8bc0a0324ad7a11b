import type { Place } from '../core/finding.ts';
import { fillText, type Text } from '../core/text.ts';

const words: Text = { zh: '；最可能在 {places} 附近', en: '; most likely near {places}' };
/** Candidates that a line holds, and the least probability that is worth a crew's way. */
const mostNamed = 3;
const leastNamed = 0.1;

/** A message with where it most likely is: candidates and their probability. As it was where no candidate stands out. */
export function withPlace(message: Text, place: readonly Place[] = []): Text {
  const named = place.slice(0, mostNamed).filter(({ probability }) => probability >= leastNamed);
  if (named.length === 0) return message;
  const places = (separator: string) =>
    named.map(({ id, probability }) => `${id} (${Number(probability.toFixed(2))})`).join(separator);
  return {
    zh: message.zh + fillText(words, { places: places('、') }).zh,
    en: message.en + fillText(words, { places: places(', ') }).en,
  };
}
