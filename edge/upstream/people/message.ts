import type { Priority } from '../../core/alarm.ts';
import type { Text } from '../../core/text.ts';

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** What a person is told of an alarm. */
export interface AlarmWords {
  /** `<asset>/<kind>`. */
  readonly id: string;
  readonly asset: string;
  readonly priority: Priority;
  readonly safety: boolean;
  readonly message: Text;
  readonly response: Text;
  /** ms since epoch. */
  readonly raisedAt: number;
}

/** A message in the language of who gets it. */
export interface Message {
  /** The same for every attempt. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** By which the person can answer; empty where there is none. */
  readonly code: string;
}

/** What a message is made of. */
export interface Contents {
  readonly id: string;
  readonly gateway: string;
  readonly timezone: string;
  /** Where an alarm is acknowledged, with `{alarm}` in the place of its id; none when empty. */
  readonly link: string;
  /** By which the alarms told in full are acknowledged; none when empty. */
  readonly code: string;
  /** The alarms of each case; the most pressing of a case first. */
  readonly cases: readonly (readonly AlarmWords[])[];
}

/** Cases of which a message tells the most pressing alarm in full; of the others it gives the number. */
const maxTold = 5;

/** The alarms that a message tells in full. */
export const toldInFull = (cases: Contents['cases']): readonly AlarmWords[] =>
  cases.slice(0, maxTold).flatMap(([alarm]) => alarm ?? []);

const priorities: Readonly<Record<Priority, Text>> = {
  critical: { zh: '紧急', en: 'Critical' },
  high: { zh: '高', en: 'High' },
  medium: { zh: '中', en: 'Medium' },
  low: { zh: '低', en: 'Low' },
};
const words = {
  safety: { zh: '安全', en: 'Safety' },
  alarms: { zh: '条报警', en: 'alarms' },
  more: { zh: '另有', en: 'Further' },
  sameIncident: { zh: '同一事件的其他报警：', en: 'Other alarms of the incident: ' },
  do: { zh: '处置：', en: 'Do: ' },
  since: { zh: '时间：', en: 'Since: ' },
  asset: { zh: '对象：', en: 'Asset: ' },
  confirm: { zh: '请确认：', en: 'Please acknowledge: ' },
  reply: { zh: '确认请回复：', en: 'To acknowledge, reply: ' },
  confirmThere: {
    zh: '请在网关控制台确认；无人确认时将通知下一位值班人员。',
    en: 'Please acknowledge it in the console of the gateway; else the next on duty is told.',
  },
} as const;

/** The message for one or several cases. */
export function compose({ id, gateway, timezone, link, code, cases }: Contents, language: Language): Message {
  const say = (text: Text) => text[language];
  const first = cases[0]?.[0];
  if (!first) throw new Error(`message ${id} is about nothing`);
  const label = ({ priority, safety }: AlarmWords) =>
    `[${safety ? `${say(words.safety)} · ` : ''}${say(priorities[priority])}]`;
  const total = cases.reduce((sum, alarms) => sum + alarms.length, 0);
  const title = `${label(first)} ${cases.length === 1 ? say(first.message) : `${total} ${say(words.alarms)}`} · ${gateway}`;
  const when = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  const told = cases.slice(0, maxTold).map((alarms) => {
    const [alarm, ...others] = alarms;
    if (!alarm) return '';
    return [
      `${label(alarm)} ${say(alarm.message)}`,
      `${say(words.asset)}${alarm.asset}`,
      `${say(words.since)}${when.format(alarm.raisedAt)}`,
      ...(say(alarm.response) && cases.length === 1 ? [`${say(words.do)}${say(alarm.response)}`] : []),
      ...(others.length > 0 ? [`${say(words.sameIncident)}${others.length}`] : []),
      ...(link ? [`${say(words.confirm)}${link.replaceAll('{alarm}', encodeURIComponent(alarm.id))}`] : []),
    ].join('\n');
  });
  const rest = cases.slice(maxTold);
  if (rest.length > 0) told.push(`${say(words.more)} ${counted(rest, say)}`);
  if (code) told.push(`${say(words.reply)}${code}`);
  else if (!link) told.push(say(words.confirmThere));
  return { id, title, text: told.join('\n\n'), code };
}

/** How many of each priority, the highest first. */
function counted(cases: readonly (readonly AlarmWords[])[], say: (text: Text) => string): string {
  const alarms = cases.flat();
  return Object.entries(priorities)
    .map(([priority, text]) => ({ text, count: alarms.filter((alarm) => alarm.priority === priority).length }))
    .filter(({ count }) => count > 0)
    .map(({ text, count }) => `${say(text)} ${count}`)
    .join(', ');
}
