import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { expecting } from '../core/spec-text.ts';

const leastKeptMs = 3_600_000;

/** Times to keep, by class of points. */
const kept = z.record(
  z.string().min(1),
  z
    .string()
    .refine(
      (text) => (parseDuration(text) ?? 0) >= leastKeptMs,
      expecting('expected a time of 1h or more, such as 12h or 30d', '应为 1h 以上的时长，如 12h 或 30d'),
    ),
);

const classes = 'by class of points: `measurement`, `state`, `text`, `time` or a word of the column `class`';

/** The section `history` of `gateway.yaml`. */
export const history = z
  .strictObject({
    raw: kept
      .default({})
      .describe(
        `How long samples are kept as they were polled, ${classes}. Left out: measurements 30d; states, texts and times 400d; other classes as measurements.`,
      ),
    minute: kept
      .default({})
      .describe('How long least, greatest, mean and last value of every minute are kept, likewise. Left out: 400d.'),
    hour: kept.default({}).describe('The same of every hour. Left out: 3660d.'),
    maxGb: z
      .number()
      .min(0.05)
      .max(10_000)
      .default(4)
      .describe(
        'Size of the file of history, GB. Beyond it the oldest samples older than a day go first, then the oldest minutes, then hours.',
      ),
  })
  .prefault({})
  .describe('How long and how finely telemetry is kept on the gateway.');
