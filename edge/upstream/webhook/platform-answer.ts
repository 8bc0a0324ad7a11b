import { fieldAt, jsonOf } from '../json-text.ts';
import type { Mapping } from './mapping-spec.ts';
import type { Objection } from './outcome.ts';

/** Reads the body of a 2xx answer as the mapping says; what cannot be read is no yes, and is tried again. */
export function objectionIn(text: string, { answer }: Mapping): Objection {
  if (!answer) return undefined;
  const value = fieldAt(jsonOf(text), answer.field);
  const among = (list: readonly unknown[]) => list.some((one) => String(one) === String(value));
  if (value === undefined || among(answer.again)) return 'again';
  return among(answer.accepted) ? undefined : 'refused';
}
