import { z } from 'zod';
import { expecting } from '../../edge/core/spec-text.ts';

/** Keys of a replayed device in `gateway.yaml`. */
export const options = z.object({
  speed: z
    .union([z.number().min(0.01).max(1000), z.literal('max')])
    .default(1)
    .describe('How many seconds of the file pass in one; `max` waits for nothing.'),
  times: z
    .enum(['now', 'original'])
    .optional()
    .describe(
      'Source times: as if it happened while it is played (`now`; when left out), or as the file has them (`original`; with speed `max`).',
    ),
  loop: z.boolean().default(false).describe('Whether to begin again at the end.'),
  startAt: z
    .string()
    .refine(
      (text) => !Number.isNaN(Date.parse(text)),
      expecting('expected a time such as 2027-01-12T08:00:00+08:00', '应为时间，如 2027-01-12T08:00:00+08:00'),
    )
    .optional()
    .describe('Play from this time of the file on.'),
  time: z
    .string()
    .min(1)
    .optional()
    .describe('Header of the time column of a CSV file; found by its name when left out.'),
  utcOffset: z
    .string()
    .regex(/^(Z|[+-]\d{2}:\d{2})$/, expecting('expected an offset such as +08:00', '应为时差，如 +08:00'))
    .default('Z')
    .describe('Offset of times in a CSV file that carry none, such as +08:00.'),
});

export type ReplayOptions = z.output<typeof options>;
