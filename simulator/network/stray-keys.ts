import { z } from 'zod';
import { suggest } from '../../edge/core/suggest.ts';
import { networkSchema } from './format.ts';

/** A key that the format does not have. */
export interface StrayKey {
  readonly path: readonly (string | number)[];
  readonly key: string;
  /** The key that is missing beside it and was probably meant; without it the stray one is only passed over. */
  readonly meant: string | undefined;
}

/** Every key of a parsed file that the format does not know. */
export function strayKeys(file: unknown): StrayKey[] {
  return strays(networkSchema, file, []);
}

function strays(schema: z.ZodType, value: unknown, path: StrayKey['path']): StrayKey[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) {
    return strays(schema.unwrap() as z.ZodType, value, path);
  }
  if (schema instanceof z.ZodUnion) {
    const option = (schema.options as z.ZodType[]).find((each) => each instanceof z.ZodObject);
    return option ? strays(option, value, path) : [];
  }
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => strays(schema.element as z.ZodType, item, [...path, index]));
  }
  if (!(schema instanceof z.ZodObject) || typeof value !== 'object' || value === null || Array.isArray(value))
    return [];
  const known = schema.shape as Record<string, z.ZodType>;
  return Object.entries(value).flatMap(([key, inner]) => {
    if (Object.hasOwn(known, key)) return strays(known[key] as z.ZodType, inner, [...path, key]);
    const missing = Object.keys(known).filter((each) => !Object.hasOwn(value, each));
    return [{ path, key, meant: suggest(key, missing) }];
  });
}
