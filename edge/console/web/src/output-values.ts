import { constantText } from './format.ts';
import { language, t } from './language.ts';
import type { OutputView, TagView } from './model.ts';
import { stateWord } from './state-words.ts';

/** Whether an output takes a value. */
export const fits = ({ low, high, whole }: OutputView, value: number): boolean =>
  value >= (low ?? Number.NaN) && value <= (high ?? Number.NaN) && (!whole || Number.isInteger(value));

/** What it takes, in words. */
export const allowedText = ({ low, high, whole }: OutputView): string =>
  `${constantText(low)} – ${constantText(high)}${whole ? `, ${t('wholeOnly')}` : ''}`;

/** The states that it takes, by value, with their names; none of what is a quantity. */
export function statesOf(output: OutputView, { states }: TagView): readonly (readonly [value: string, word: string])[] {
  const isSwitch = output.whole && output.low === 0 && output.high === 1;
  return Object.entries(states ?? (isSwitch ? { 0: t('off'), 1: t('on') } : {}))
    .filter(([value]) => fits(output, Number(value)))
    .map(([value, word]) => [value, stateWord(word, language())]);
}
