import type { Priority } from '../../../core/alarm.ts';
import type { Text } from '../../../core/text.ts';
import type { AlarmTimesView, TruthView } from '../../wire.ts';
import { getJson } from './feed.ts';
import type { TruthSpan } from './truth.ts';

/** A stretch of time in which an alarm stood, or in which something truly happened in a simulated city. */
export interface TrendMark {
  readonly key: string;
  /** Undefined for what is true. */
  readonly priority: Priority | undefined;
  readonly text: Text;
  readonly fromMs: number;
  /** Undefined while it lasts. */
  readonly toMs: number | undefined;
  /** The alarm's; empty for what is true. */
  readonly alarm: string;
}

/** When alarms of some assets stood. */
export const readAlarmTimes = (assets: readonly string[], fromMs: number, toMs: number): Promise<AlarmTimesView> =>
  getJson(
    `/api/alarm-times?${new URLSearchParams({
      ...{ assets: assets.join(','), from: String(Math.round(fromMs)), to: String(Math.round(toMs)) },
    })}`,
  );

/** What the gateway of a simulated city is told of it. */
export const readTruth = (): Promise<TruthView> => getJson('/api/truth');

/** Alarms and truth as marks, the oldest first. */
export function marksOf({ times }: AlarmTimesView, truth: readonly TruthSpan[]): readonly TrendMark[] {
  const alarms = times.map(({ asset, kind, priority, message, raisedAt, clearedAt }): TrendMark => {
    const alarm = `${asset}/${kind}`;
    return { key: `${alarm}@${raisedAt}`, alarm, priority, text: message, fromMs: raisedAt, toMs: clearedAt };
  });
  const happened = truth.map(
    ({ id, text, fromMs, toMs }): TrendMark => ({ key: id, alarm: '', priority: undefined, text, fromMs, toMs }),
  );
  return [...alarms, ...happened].sort((a, b) => a.fromMs - b.fromMs);
}
