import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { expecting } from '../core/spec-text.ts';

const keepMsOf = (text: string): number => parseDuration(text) ?? Number.NaN;
const shortestKeepMs = 3_600_000;
const keep = z
  .string()
  .refine(
    (text) => keepMsOf(text) >= shortestKeepMs,
    expecting('expected a duration of an hour or more, e.g. 400d', '应为 1 小时以上的时长，如 400d'),
  );

/** The key `journal` of `gateway.yaml`. */
export const journalSpec = z
  .strictObject({
    keep: keep
      .default('400d')
      .transform(keepMsOf)
      .describe('Alarms and events older than this are removed once every sink has them; alarms that stand are kept.'),
    keepAudit: keep
      .default('400d')
      .transform(keepMsOf)
      .describe(
        'The same for audit: acknowledgements, verdicts, commands, orders, changes of models and configuration.',
      ),
    maxMb: z
      .number()
      .min(16)
      .max(100_000)
      .default(512)
      .describe(
        'Size of the journal in MB. Beyond it the oldest of least priority go first, audit last, and what a sink has not got yet only when nothing else is left: that is counted and an alarm.',
      ),
  })
  .prefault({})
  .describe('How much of the journal (alarms, events, audit) is kept on disk. Takes effect at the next start.');

/** The key `disk` of `gateway.yaml`. */
export const diskSpec = z
  .strictObject({
    keepFreeMb: z
      .number()
      .min(16)
      .max(1_000_000)
      .default(256)
      .describe(
        'Less free space than this under the data folder is an alarm, and history gives way to alarms and audit.',
      ),
  })
  .prefault({})
  .describe('The disk under the data folder. Takes effect at the next start.');
