import type { AlarmPerformance } from './alarm-performance.ts';
import type { Text } from './text.ts';

/** One figure beside its target by IEC 62682 and EEMUA 191; `ok` is null where there is nothing to hold it against. */
export interface PerformanceRow {
  readonly name: Text;
  readonly value: string;
  readonly target: string;
  readonly ok: boolean | null;
}

/** A list of alarms with a figure each. */
export interface PerformanceList {
  readonly title: Text;
  readonly rows: readonly (readonly [id: string, figure: string])[];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const seconds = (value: number | null): string => (value === null ? '–' : `${Math.round(value)} s`);

/** Targets: about one alarm in ten minutes, never more than ten, in flood for 1 % of the time, 80/15/5 by priority, the ten most frequent 5 % of all, less than five stale. */
export function performanceRows(figures: AlarmPerformance): readonly PerformanceRow[] {
  const { meanPer10Min, peakPer10Min, floodShare, floods, mix, top, chattering, fleeting, stale } = figures;
  const { acknowledgeS, announced, unacknowledged } = figures;
  const most = (value: number, limit: number): boolean => value <= limit;
  const topShare = top.reduce((sum, { share }) => sum + share, 0);
  return [
    { name: { zh: '报警总数', en: 'alarms announced' }, value: `${announced}`, target: '', ok: null },
    {
      ...{ name: { zh: '平均每 10 分钟', en: 'mean per 10 min' }, value: meanPer10Min.toFixed(2), target: '≤ 1' },
      ok: most(meanPer10Min, 1),
    },
    {
      ...{ name: { zh: '10 分钟内最多', en: 'most in 10 min' }, value: `${peakPer10Min}`, target: '≤ 10' },
      ok: most(peakPer10Min, 10),
    },
    {
      ...{
        name: { zh: '泛滥时间占比', en: 'time in flood' },
        value: `${percent(floodShare)} (${floods})`,
        target: '≤ 1 %',
      },
      ok: most(floodShare, 0.01),
    },
    {
      name: { zh: '优先级：低 / 中 / 高与紧急', en: 'priority: low / medium / high and critical' },
      value: [mix.low, mix.medium, mix.high + mix.critical].map(percent).join(' / '),
      ...{ target: '80 / 15 / 5 %', ok: announced === 0 ? null : most(mix.high + mix.critical, 0.05) },
    },
    {
      name: { zh: '最频繁的十个占比', en: 'share of the ten most frequent' },
      ...{ value: percent(topShare), target: '≤ 5 %', ok: announced === 0 ? null : most(topShare, 0.05) },
    },
    {
      name: { zh: '抖动报警', en: 'chattering' },
      value: `${chattering.length}`,
      target: '0',
      ok: most(chattering.length, 0),
    },
    {
      name: { zh: '瞬时报警', en: 'fleeting' },
      value: `${fleeting.length}`,
      target: '0',
      ok: most(fleeting.length, 0),
    },
    {
      name: { zh: '超过 24 小时', en: 'standing over 24 h' },
      value: `${stale.length}`,
      target: '< 5',
      ok: stale.length < 5,
    },
    {
      name: { zh: '确认时间：中位 / 95 %', en: 'time to acknowledge: median / 95 %' },
      ...{ value: `${seconds(acknowledgeS.median)} / ${seconds(acknowledgeS.p95)}`, target: '', ok: null },
    },
    {
      name: { zh: '未确认', en: 'not acknowledged' },
      value: `${unacknowledged}`,
      target: '0',
      ok: most(unacknowledged, 0),
    },
  ];
}

export function performanceLists({ top, chattering, fleeting, stale }: AlarmPerformance): readonly PerformanceList[] {
  return [
    {
      title: { zh: '最频繁', en: 'Most frequent' },
      rows: top.map(({ id, count, share }) => [id, `${count} (${percent(share)})`]),
    },
    { title: { zh: '抖动', en: 'Chattering' }, rows: chattering.map(({ id, count }) => [id, `${count}`]) },
    { title: { zh: '瞬时', en: 'Fleeting' }, rows: fleeting.map(({ id, count }) => [id, `${count}`]) },
    {
      title: { zh: '长期存在', en: 'Standing over 24 h' },
      rows: stale.map(({ id, hours }) => [id, `${hours.toFixed(1)} h`]),
    },
  ];
}
