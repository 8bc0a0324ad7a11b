import { z } from 'zod';
import { type Passage, rolesOfInput } from './passage.ts';

/** One value that is expected from others. */
const expectation = z.strictObject({
  /** A role of the asset, or `downstream.<role>`. */
  role: z.string(),
  /** Its change from minute to minute is expected, in place of itself. */
  rate: z.boolean().default(false),
  /**
   * What it follows from: roles of the same asset, `downstream.<role>`, `upstream.<role>`, or `peers.<role>`; of a flow
   * `across` the pressures before and behind, how freely it flows.
   */
  of: z
    .array(
      z.union([
        z.string().transform((role): Passage => ({ role })),
        z.strictObject({ role: z.string(), across: z.tuple([z.string(), z.string()]).optional() }),
      ]),
    )
    .default([]),
  /** Whether it has a course over the day as well. */
  daily: z.boolean().default(false),
  /** Which way it departs when the claim is true. */
  moves: z.enum(['up', 'down', 'either']).default('either'),
});
export type Expectation = z.infer<typeof expectation>;

/** Options of a `residual` in a pack: the claim is that every one of these departs as stated, at the same time. */
export const residualOptions = z
  .strictObject({
    /** Which part of the asset is meant, where several that are alike are watched under one kind: `pump-1`. */
    part: z.string().optional(),
    residuals: z.array(expectation).min(1),
    /** Only while a role has this value. */
    when: z.strictObject({ role: z.string(), equals: z.number() }).optional(),
    /** What is left of the load of `role` says where a cable is cut, on which as many lamps hang as `lamps` has. */
    along: z.strictObject({ role: z.string(), lamps: z.string() }).optional(),
    /** Smallest departure that counts, in standard deviations of a minute (allowance of the CUSUM). */
    allowance: z.number().positive().default(4),
    /** Means over so long depart, s: a large departure is claimed sooner in short windows, one that is small no later. */
    windowS: z.number().int().min(10).max(60).default(60),
  })
  .refine(
    ({ windowS, residuals }) => windowS === 60 || residuals.every(({ rate }) => !rate),
    'a change from minute to minute has windows of 60 s',
  );
export type ResidualOptions = z.infer<typeof residualOptions>;

/** What the calibration of an asset calls the residuals of a kind, or of one part. */
export const residualName = (kind: string, { part }: ResidualOptions): string =>
  part === undefined ? kind : `${kind}/${part}`;

/** Every role that the options speak of. */
export const rolesOf = ({ residuals, when }: ResidualOptions): string[] => [
  ...new Set([
    ...residuals.flatMap(({ role, of }) => [role, ...of.flatMap(rolesOfInput)]),
    ...(when ? [when.role] : []),
  ]),
];
