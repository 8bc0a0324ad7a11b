import type { Text } from '../../../core/text.ts';
import { type TextKey, texts } from './texts.ts';

export type Language = keyof Text;

const storageKey = 'lifeline.language';

function initial(): Language {
  const kept = localStorage.getItem(storageKey);
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

let current = initial();
document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';

export const language = (): Language => current;

/** Switches the page to the other language and keeps the choice; the caller draws again. */
export function switchLanguage(): void {
  current = current === 'zh' ? 'en' : 'zh';
  localStorage.setItem(storageKey, current);
  document.documentElement.lang = current === 'zh' ? 'zh-CN' : 'en';
}

/** A text of the page in the language chosen. */
export const t = (key: TextKey): string => texts[key][current];

/** A text of the gateway in the language chosen. */
export const say = (text: Text): string => text[current] || text.zh || text.en;

/** A key that may be unknown to this page (a newer gateway's state or quality): shown as it is. */
export const tOr = (key: string): string => (Object.hasOwn(texts, key) ? texts[key as TextKey][current] : key);
