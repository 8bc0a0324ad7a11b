/** A text in both languages of the product. */
export interface Text {
  readonly zh: string;
  readonly en: string;
}

/** A text in both languages, as it is written in a table of texts. */
export const both = (en: string, zh: string): Text => ({ zh, en });

/** A text that may be told in English alone: that stands in both. */
export const asText = (text: Text | string): Text => (typeof text === 'string' ? both(text, text) : text);

/** Fills `{name}` places of both languages; an unknown place stays visible as it is. */
export function fillText(text: Text, values: Readonly<Record<string, string | number | Text>>): Text {
  const fill = (language: keyof Text) =>
    text[language].replace(/\{([\w-]+)\}/g, (place, name: string) => {
      const value = values[name] ?? place;
      return typeof value === 'object' ? value[language] : String(value);
    });
  return { zh: fill('zh'), en: fill('en') };
}
