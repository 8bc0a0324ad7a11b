/** The JSON value of a message from outside; undefined where it is longer than allowed, no UTF-8 or no JSON. */
export function parseJson(payload: Uint8Array, maxBytes: number): unknown {
  if (payload.length > maxBytes) return undefined;
  try {
    return jsonOf(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

/** The JSON value of a text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What stands in an object at a place: its key, or keys joined by full stops; undefined where nothing does. */
export function fieldAt(body: unknown, place: string): unknown {
  let value = body;
  for (const key of place.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

/** A text there that says something, or a number as one, without characters that no display shows; undefined where there is none. */
export function textAt(body: unknown, place: string): string | undefined {
  const value = fieldAt(body, place);
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value.replace(/[\p{Cc}]+/gu, ' ').trim() : '';
  return text === '' ? undefined : text;
}
