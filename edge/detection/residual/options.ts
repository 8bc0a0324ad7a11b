import { z } from 'zod';
import { type Passage, rolesOfInput } from './passage.ts';

/**
 * What physics say of a value beyond the inputs that were taught: it rises with each of them, by this power of them all at
 * the most. So what lies beyond has a bound, from which a departure is judged: the value at the border, or so many times it
 * as the input is the border, to this power.
 */
export const steepest = z.number().positive();

const temperatures = z.tuple([z.string(), z.string(), z.string(), z.string()]).optional();
/** What a flow says together with other roles, as `passage.ts` tells. */
export const flowWith = {
  across: z.tuple([z.string(), z.string()]).optional(),
  cooledIn: temperatures,
  heatingIn: temperatures,
};

/** One value that is expected from others. */
const expectation = z.strictObject({
  /** A role of the asset, or `downstream.<role>`; of a flow, what it says with others. */
  role: z.string(),
  ...flowWith,
  /** Its change from minute to minute is expected, in place of itself. */
  rate: z.boolean().default(false),
  /**
   * What it follows from: roles of the same asset, `downstream.<role>`, `upstream.<role>`, or `peers.<role>`; of a flow,
   * what it says with others.
   */
  of: z
    .array(
      z.union([z.string().transform((role): Passage => ({ role })), z.strictObject({ role: z.string(), ...flowWith })]),
    )
    .default([]),
  /** Whether it has a course over the day as well. */
  daily: z.boolean().default(false),
  /** Which way it departs when the claim is true. */
  moves: z.enum(['up', 'down', 'either']).default('either'),
  rises: steepest.optional(),
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
  )
  .refine(
    ({ residuals }) => residuals.every(({ moves, rises }) => rises === undefined || moves !== 'either'),
    'what rises with its inputs has one side on which it is bounded: moves up or down',
  );
export type ResidualOptions = z.infer<typeof residualOptions>;

/** What the calibration of an asset calls the residuals of a kind, or of one part. */
export const residualName = (kind: string, { part }: ResidualOptions): string =>
  part === undefined ? kind : `${kind}/${part}`;

/** Every role that the options speak of. */
export const rolesOf = ({ residuals, when }: ResidualOptions): string[] => [
  ...new Set([
    ...residuals.flatMap((expected) => [expected, ...expected.of].flatMap(rolesOfInput)),
    ...(when ? [when.role] : []),
  ]),
];
