import { table } from './page.ts';
import type { Schema } from './schema.ts';

/** A table of the keys of an object, in the order of the schema. */
export function keyTable(schema: Schema): string {
  return table(['Key', 'Type', 'Default', 'Meaning'], rowsOf(schema, ''));
}

/** One row per key, those of nested objects as `outer.inner`. */
function rowsOf(schema: Schema, prefix: string): string[][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const own = [`\`${key}\``, typeOf(property), defaultOf(schema, name, property), meaningOf(property)];
    return [own, ...rowsOf(property, `${key}.`)];
  });
}

function meaningOf({ description, const: fixed }: Schema): string {
  return description ?? (fixed === undefined ? '' : 'Chooses this kind of entry.');
}

function defaultOf(parent: Schema, name: string, property: Schema): string {
  if (property.default !== undefined) return property.properties ? '' : `\`${JSON.stringify(property.default)}\``;
  return parent.required?.includes(name) ? 'required' : '';
}

/** The type of a key in words. */
function typeOf(schema: Schema): string {
  const { const: fixed, enum: words, anyOf, oneOf, items, additionalProperties: rest } = schema;
  if (fixed !== undefined) return `\`${fixed}\``;
  if (words) return words.map((word) => `\`${word}\``).join(' or ');
  const choices = anyOf ?? oneOf;
  if (choices) return choices.map(typeOf).join(' or ');
  if (schema.type === 'array') {
    return Array.isArray(items) ? `[${items.map(typeOf).join(', ')}]` : `list of ${typeOf((items ?? {}) as Schema)}`;
  }
  if (schema.type === 'object') {
    return typeof rest === 'object' && !schema.properties ? `map of name to ${typeOf(rest)}` : 'object';
  }
  return `${schema.type ?? 'any'}${range(schema)}`;
}

function range({ minimum, maximum, maxLength, pattern }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}–${maximum}`;
  if (minimum !== undefined) return ` ≥ ${minimum}`;
  if (maxLength !== undefined) return `, ≤ ${maxLength} characters`;
  return pattern === undefined ? '' : ` like \`${pattern}\``;
}
