import { type Command, InvalidArgumentError } from 'commander';
import { timeFormatOf } from '../../evaluate/csv/time-cell.ts';
import { localMoment } from '../past/wish.ts';
import { exportErrors } from './errors.ts';

/** Whose data is wanted, and of which time. */
export interface SpanOptions {
  readonly config: string;
  readonly data: string;
  readonly from?: string;
  readonly to?: string;
}

/** Options that say so; times without an offset are local to the gateway's zone. */
export function withSpanOptions(command: Command): Command {
  return command
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option('--data <dir>', 'folder of the state of lifeline run', 'data')
    .option('--from <time>', 'such as 2026-03-01T08:00, local to the gateway; the beginning when left out', written)
    .option('--to <time>', 'up to before this time; the end when left out', written);
}

function written(text: string): string {
  if (timeFormatOf([text]) === undefined && timeFormatOf([`${text}T00:00`]) === undefined)
    throw new InvalidArgumentError('expected a time such as 2026-03-01T08:00 or 2026-03-01');
  return text;
}

/** What is asked for, cut to what is there. Throws LL-EXPORT-EMPTY when that is nothing. */
export function spanOf(
  { from, to, data }: SpanOptions,
  [firstMs, lastMs]: readonly [number, number],
  timezone: string,
): { readonly fromMs: number; readonly toMs: number } {
  const moment = (text: string) =>
    timeFormatOf([text]) === undefined ? localMoment(`${text}T00:00`, timezone) : localMoment(text, timezone);
  const fromMs = Math.max(firstMs, from === undefined ? firstMs : moment(from));
  const toMs = Math.min(lastMs, to === undefined ? lastMs : moment(to) - 1);
  if (fromMs > toMs) {
    const there = [firstMs, lastMs].map((time) => new Date(time).toISOString()).join(' to ');
    throw exportErrors.create('EMPTY', `read ${data}: nothing is there of that time; there is ${there}`);
  }
  return { fromMs, toMs };
}
