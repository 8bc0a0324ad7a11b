import { z } from 'zod';
import { caseStages } from '../../core/order.ts';
import { expecting } from '../../core/spec-text.ts';

/** What a status of the platform can mean: a stage of the case, or something to be done with the alarm. */
export const meanings = [...caseStages, 'acknowledge', 'comment'] as const;
type Meaning = (typeof meanings)[number];

/** Where a field stands in the body: its key, or keys joined by full stops. */
const place = z
  .string()
  .regex(
    /^[^.]{1,64}(\.[^.]{1,64}){0,3}$/,
    expecting('expected a key, or keys joined by "."', '应为键，或以“.”连接的键'),
  );

const asNamed = Object.fromEntries(meanings.map((meaning) => [meaning, meaning])) as Record<string, Meaning>;

/** How the platform reports back: `callBack` of a mapping, and what holds without one. */
export const callBackSpec = z.strictObject({
  fields: z
    .strictObject({
      /** As it was sent in `{case}`. */
      case: place.default('case'),
      status: place.default('status'),
      /** The others may be missing in a body. `number` is the platform's own of the case. */
      ...{ id: place.default('id'), number: place.default('number'), unit: place.default('unit') },
      ...{ note: place.default('note'), by: place.default('by') },
    })
    .prefault({}),
  /** What each status means; one that is not named is refused. */
  meanings: z.record(z.string().min(1).max(64), z.enum(meanings)).default(asNamed),
});

export type CallBackSpec = z.output<typeof callBackSpec>;
