import { type Command, InvalidArgumentError, Option } from 'commander';
import type { VerdictsView } from '../../console/wire.ts';
import type { MaintenancePeriod } from '../../core/maintenance.ts';
import type { LabelledPeriod } from '../../core/verdict.ts';
import { timeFormatOf, timeOf } from '../../evaluate/csv/time-cell.ts';
import { ConsoleLink, consoleAddress, usualConsole } from '../alarms/console-link.ts';
import { wholeNumber } from '../arguments.ts';
import { utcOffsetMinutes } from './utc-offset.ts';

/** Which history is wanted; plain data, for it goes to a thread. */
export interface PastWish {
  readonly config: string;
  /** `history`, `sim`, or a CSV file. */
  readonly from: string;
  /** Folder of the gateway's state. */
  readonly data: string;
  /** What the simulated city is made of. */
  readonly city?: string;
  readonly seed: number;
  /** Time column of the file. */
  readonly time?: string;
  readonly exclude?: readonly LocalSpan[];
  /** What verdicts call no normal operation: left out of the history of its asset. */
  readonly labelled?: readonly LabelledPeriod[];
  /** When an asset or a device was under maintenance: left out too. */
  readonly maintained?: readonly MaintenancePeriod[];
  /** Learns from maintenance, too. */
  readonly includeMaintenance?: boolean;
  /** Of the gateway's own history: leaves out of each asset what it had alarms in, but for those judged a nuisance. */
  readonly excludeAlarmed?: boolean;
  /** The newest part of the gateway's own history, ms; all of it when left out. */
  readonly newestMs?: number;
}

/** A wish as options give it. */
export interface PastOptions extends Omit<PastWish, 'labelled' | 'maintained' | 'excludeAlarmed' | 'newestMs'> {
  /** The console that is asked for what verdicts call no normal operation. */
  readonly excludeJudged?: URL;
}

/** From one written time to another; without an offset they are times of the gateway's zone. */
export interface LocalSpan {
  readonly from: string;
  readonly to: string;
}

/** The options by which commands are told of a history. */
export function withPastOptions(command: Command): Command {
  return command
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option(
      '--from <source>',
      "history (this gateway's own), sim (14 days of the simulated city), or a CSV file",
      'history',
    )
    .option('--data <dir>', 'folder of the state of lifeline run, for history', 'data')
    .option('--city <file>', 'city.yaml: what the simulated city is made of')
    .option('--time <column>', 'column of the file with the time; found by itself when left out')
    .option(
      '--exclude <from..to>',
      'a stretch that is no normal operation, such as 2026-03-01T08:00..2026-03-01T12:00; may be given again',
      collectSpan,
    )
    .addOption(
      new Option(
        '--exclude-judged [console]',
        `of each asset leave out what its alarms were judged to be, but for nuisances, and its maintenance; asks the gateway that runs (${usualConsole})`,
      )
        .preset(usualConsole)
        .argParser(consoleAddress),
    )
    .option(
      '--include-maintenance',
      "learn from times of maintenance, too, which the gateway's own history is read without by itself",
    )
    .option('--seed <n>', 'of the simulated city and of chance in training', wholeNumber(0, 2 ** 31 - 1), 1);
}

function collectSpan(text: string, before: readonly LocalSpan[] = []): readonly LocalSpan[] {
  const [from = '', to = '', more] = text.split('..');
  const readable = [from, to].every((time) => timeFormatOf([time]) !== undefined);
  if (more !== undefined || !readable)
    throw new InvalidArgumentError('expected FROM..TO, two times such as 2026-03-01T08:00');
  return [...before, { from, to }];
}

/** A written time as ms since epoch; without an offset it is local to the zone. */
export function localMoment(text: string, timezone: string): number {
  const format = timeFormatOf([text]);
  if (format === undefined) return Number.NaN;
  const timeMs = timeOf(text, format);
  return isLocal(format) ? timeMs - utcOffsetMinutes(timezone, timeMs) * 60_000 : timeMs;
}

/** Whether times written so need the zone of their place. */
export const isLocal = (format: string): boolean => !format.endsWith('zoned') && !format.startsWith('epoch');

/** What commands were told of a history, as it goes to a thread. Rejects when the console does not tell its verdicts. */
export async function pastOf(options: PastOptions): Promise<PastWish> {
  const { config, from, data, seed, city, time, exclude, excludeJudged, includeMaintenance } = options;
  const judged = excludeJudged && (await new ConsoleLink(excludeJudged).get<VerdictsView>('/api/verdicts'));
  return {
    ...{ config, from, data, seed },
    ...(city === undefined ? {} : { city }),
    ...(time === undefined ? {} : { time }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(includeMaintenance === undefined ? {} : { includeMaintenance }),
    ...(judged === undefined ? {} : { labelled: judged.labelled, maintained: judged.maintenance }),
  };
}
