const chinese = new Map<string, string>();

/**
 * What is expected of a value, for a description of keys (zod takes one text, the English); a mistake is told in Chinese by
 * the other.
 */
export function expecting(en: string, zh: string): string {
  chinese.set(en, zh);
  return en;
}

/** The Chinese of a text of `expecting`. */
export const chineseOfText = (en: string): string | undefined => chinese.get(en);
