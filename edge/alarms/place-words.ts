import type { Place } from '../core/finding.ts';
import { asText, both, fillText, type Text } from '../core/text.ts';

const words: Text = { zh: '；最可能在 {places} 附近', en: '; most likely near {places}' };
/** Candidates that a line holds, and the least probability that is worth a crew's way. */
const mostNamed = 3;
const leastNamed = 0.1;

/**
 * A message with where it most likely is: candidates and their probability. As it was where no candidate stands out.
 * @param nameOf what people call a tag or a node; its id where they call it nothing
 */
export function withPlace(message: Text, place: readonly Place[] = [], nameOf: (id: string) => Text = asText): Text {
  const named = place.slice(0, mostNamed).filter(({ probability }) => probability >= leastNamed);
  if (named.length === 0) return message;
  const places = (language: keyof Text, separator: string) =>
    named.map(({ id, probability }) => `${nameOf(id)[language]} (${Number(probability.toFixed(2))})`).join(separator);
  const { zh, en } = fillText(words, { places: both(places('en', ', '), places('zh', '、')) });
  return both(message.en + en, message.zh + zh);
}
