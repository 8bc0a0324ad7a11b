import { StepGrid } from '../../../models/training/step-grid.ts';
import { LifelineError } from '../../core/errors.ts';
import { isGood } from '../../core/quality.ts';
import { both } from '../../core/text.ts';
import { median } from '../../detection/order-statistics.ts';
import { readHistory } from '../../store/read-history.ts';
import { pastErrors } from './errors.ts';
import type { Read, SourceRequest } from './request.ts';

/** Steps are as long as half of the points' poll periods at least, within these bounds. */
const leastStepS = 60;
const longestStepS = 3600;
/** Read at one time: an even part of the history, so that short ones have several and long ones cost little memory. */
const pieces = 24;
const [leastPieceMs, longestPieceMs] = [3_600_000, 86_400_000];

/** What the gateway itself has written down: good values only. The gateway may go on running. */
export async function fromStore({ names, wish, onProgress, onPolled, periodMsOf }: SourceRequest): Promise<Read> {
  const stored = await readHistory(wish.data).catch((cause: unknown) => {
    const why = cause instanceof LifelineError ? cause.message : String(cause);
    throw pastErrors.create('READ', why, cause);
  });
  try {
    if (!stored.span)
      throw pastErrors.create(
        'EMPTY',
        both(`read history in ${wish.data}: nothing is there yet`, `读取 ${wish.data} 中的历史：尚无数据`),
      );
    const [oldestMs, toMs] = stored.span;
    const fromMs = Math.max(oldestMs, toMs - (wish.newestMs ?? Number.POSITIVE_INFINITY));
    const pieceMs = Math.min(longestPieceMs, Math.max(leastPieceMs, Math.ceil((toMs - fromMs) / pieces)));
    const usualS = Math.ceil(median(names.map((_, column) => periodMsOf(column))) / 1000);
    const stepS = Math.min(longestStepS, Math.max(leastStepS, usualS));
    const grid = new StepGrid(names, { fromMs, toMs }, stepS);
    for (const [column, name] of names.entries()) {
      for (let at = grid.startMs; at <= toMs; at += pieceMs) {
        const { times, values, quality } = await stored.series(name, at, Math.min(toMs, at + pieceMs - 1));
        const good = (_: number, row: number) => isGood(quality[row] as number) && Number.isFinite(values[row]);
        const [when, what] = [times.filter(good), values.filter(good)];
        for (const [row, time] of when.entries()) grid.take(column, time, what[row] as number);
        onPolled?.(column, when, what);
      }
      onProgress((column + 1) / names.length);
    }
    return { grid, source: "the gateway's own history", notes: [] };
  } finally {
    await stored.close();
  }
}
