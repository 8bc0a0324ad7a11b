import type { HeaderLanguage } from '../../config/table-output.ts';
import type { Alarm } from '../../core/alarm.ts';

type Columns = readonly { readonly en: string; readonly zh: string; of(alarm: Alarm, row: RowOf): string | number }[];

interface RowOf {
  readonly language: HeaderLanguage;
  time(ms: number | undefined): string;
}

const number = (value: number): number | string => (Number.isFinite(value) ? value : '');

const columns: Columns = [
  { en: 'raised', zh: '发生', of: ({ raisedAt }, { time }) => time(raisedAt) },
  { en: 'asset', zh: '对象', of: ({ asset }) => asset },
  { en: 'kind', zh: '类别', of: ({ kind }) => kind },
  { en: 'utility', zh: '专业', of: ({ utility }) => utility },
  { en: 'priority', zh: '优先级', of: ({ priority }) => priority },
  { en: 'risk level', zh: '风险等级', of: ({ riskLevel }) => riskLevel },
  { en: 'state', zh: '状态', of: ({ state }) => state },
  { en: 'message', zh: '内容', of: ({ message }, { language }) => message[language] },
  { en: 'cause', zh: '原因', of: ({ cause }, { language }) => cause[language] },
  { en: 'value', zh: '值', of: ({ value }) => number(value) },
  { en: 'limit', zh: '限值', of: ({ limit }) => number(limit) },
  { en: 'unit', zh: '单位', of: ({ unit }) => unit },
  { en: 'acknowledged', zh: '确认', of: ({ acknowledgedAt }, { time }) => time(acknowledgedAt) },
  { en: 'by', zh: '确认人', of: ({ acknowledgedBy }) => acknowledgedBy ?? '' },
  { en: 'cleared', zh: '恢复', of: ({ clearedAt }, { time }) => time(clearedAt) },
  { en: 'verdict', zh: '评价', of: ({ judgement }) => judgement?.verdict ?? '' },
  { en: 'note', zh: '备注', of: ({ judgement }) => judgement?.note ?? '' },
];

/** The header of exported alarms. */
export const alarmHead = (language: HeaderLanguage): readonly string[] => columns.map((column) => column[language]);

/** One raising of an alarm as a row. */
export function alarmRow(
  alarm: Alarm,
  language: HeaderLanguage,
  clockOf: (timeMs: number) => string,
): readonly (string | number)[] {
  const time = (ms: number | undefined) => (ms === undefined ? '' : clockOf(ms));
  return columns.map((column) => column.of(alarm, { language, time }));
}
