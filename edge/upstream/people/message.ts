import type { Priority } from '../../core/alarm.ts';
import type { Text } from '../../core/text.ts';
import { shortMessage } from './short-message.ts';

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
  /** This and the next are left out where the pack does not say. */
  readonly firstStep?: Text | undefined;
  /** What comes of it when nobody acts. */
  readonly consequence?: Text | undefined;
  /** ms since epoch. */
  readonly raisedAt: number;
}

/** A message in the language of who gets it. */
export interface Message {
  /** The same for every attempt. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** One line that a short message has room for. */
  readonly brief: string;
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
  first: { zh: '先做：', en: 'First: ' },
  else: { zh: '后果：', en: 'Else: ' },
  separator: { zh: '；', en: '; ' },
  since: { zh: '时间：', en: 'Since: ' },
  asset: { zh: '对象：', en: 'Asset: ' },
  confirm: { zh: '请确认：', en: 'Please acknowledge: ' },
  reply: { zh: '确认请回复：', en: 'To acknowledge, reply: ' },
  confirmThere: {
    zh: '请在网关控制台确认；无人确认时将通知下一位值班人员。',
    en: 'Please acknowledge it in the console of the gateway; else the next on duty is told.',
  },
} as const;

/** What helps the person who has to deal with an alarm, in the order in which it is needed. */
const guidance = {
  first: ({ firstStep }: AlarmWords) => firstStep,
  do: ({ response }: AlarmWords) => response,
  else: ({ consequence }: AlarmWords) => consequence,
} as const;

/** The message for one or several cases. */
export function compose(contents: Contents, language: Language): Message {
  const { id, gateway, link, code, cases } = contents;
  const say = (text: Text) => text[language];
  const [first] = cases[0] ?? [];
  if (!first) throw new Error(`message ${id} is about nothing`);
  const told = cases.slice(0, maxTold).map((alarms) => tellCase(alarms, contents, say));
  const rest = cases.slice(maxTold);
  if (rest.length > 0) told.push(`${say(words.more)} ${counted(rest, say)}`);
  const reply = code ? `${say(words.reply)}${code}` : '';
  if (reply) told.push(reply);
  else if (!link) told.push(say(words.confirmThere));
  const alone = cases.length === 1;
  const what = alone ? say(first.message) : `${cases.flat().length} ${say(words.alarms)}`;
  const head = `${label(first, say)} ${what}`;
  const extras = [...(alone ? guide(first, ['first', 'else'], say) : []), gateway];
  const brief = shortMessage(head, extras, reply, say(words.separator));
  return { id, title: `${head} · ${gateway}`, text: told.join('\n\n'), brief, code };
}

type Say = (text: Text) => string;

const label = ({ priority, safety }: AlarmWords, say: Say): string =>
  `[${safety ? `${say(words.safety)} · ` : ''}${say(priorities[priority])}]`;

/** The lines of those that the pack has words for. */
const guide = (alarm: AlarmWords, wanted: readonly (keyof typeof guidance)[], say: Say): readonly string[] =>
  wanted.flatMap((word) => {
    const text = guidance[word](alarm);
    return text && say(text) ? [`${say(words[word])}${say(text)}`] : [];
  });

/** The most pressing alarm of a case; what helps with it where it is the only one. */
function tellCase([alarm, ...others]: readonly AlarmWords[], { timezone, link, cases }: Contents, say: Say): string {
  if (!alarm) return '';
  const when = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' });
  return [
    `${label(alarm, say)} ${say(alarm.message)}`,
    `${say(words.asset)}${alarm.asset}`,
    `${say(words.since)}${when.format(alarm.raisedAt)}`,
    ...(cases.length === 1 ? guide(alarm, ['first', 'do', 'else'], say) : []),
    ...(others.length > 0 ? [`${say(words.sameIncident)}${others.length}`] : []),
    ...(link ? [`${say(words.confirm)}${link.replaceAll('{alarm}', encodeURIComponent(alarm.id))}`] : []),
  ].join('\n');
}

/** How many of each priority, the highest first. */
function counted(cases: readonly (readonly AlarmWords[])[], say: Say): string {
  const alarms = cases.flat();
  return Object.entries(priorities)
    .map(([priority, text]) => ({ text, count: alarms.filter((alarm) => alarm.priority === priority).length }))
    .filter(({ count }) => count > 0)
    .map(({ text, count }) => `${say(text)} ${count}`)
    .join(', ');
}
