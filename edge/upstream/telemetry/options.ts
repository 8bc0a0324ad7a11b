import { z } from 'zod';

/** Keys of every sink that carries values, in its `data:`. */
export const telemetryOptions = {
  heartbeatS: z
    .int()
    .min(1)
    .max(86_400)
    .optional()
    .describe(
      'A value of which nothing was sent for so many seconds, since it stays within its deadband, is sent again as it stands; never when left out.',
    ),
  backfill: z
    .boolean()
    .default(true)
    .describe('Whether values that could not be sent are sent later, from history, as historical.'),
  buffer: z
    .strictObject({
      hours: z
        .number()
        .positive()
        .max(24 * 400)
        .default(168)
        .describe('Values older than this are given up.'),
      mb: z
        .number()
        .positive()
        .max(1_000_000)
        .default(1_000)
        .describe(
          'So much history may wait to be sent, in MB on disk at a byte a value; beyond it the oldest is given up.',
        ),
    })
    .prefault({})
    .describe('How much may wait while the sink is away.'),
};

/** What they say. */
export interface TelemetryOptions {
  readonly heartbeatS?: number | undefined;
  readonly backfill: boolean;
  readonly buffer: { readonly hours: number; readonly mb: number };
}
