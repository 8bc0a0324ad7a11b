/** What a template's values are escaped for. */
export type Format = 'json' | 'form' | 'url';

const place = /\{(\w+)\}/g;

/** Names of the places of a template. */
export const placesOf = (template: string): readonly string[] =>
  [...template.matchAll(place)].map(([, name]) => name ?? '');

/** The template with its places filled, each value escaped so that it stays one value. */
export function fill(template: string, values: Readonly<Record<string, string>>, format: Format): string {
  const escaped = format === 'json' ? (value: string) => JSON.stringify(value).slice(1, -1) : encodeURIComponent;
  return template.replace(place, (_, name: string) => escaped(values[name] ?? ''));
}
