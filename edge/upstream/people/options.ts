import { z } from 'zod';
import { expecting } from '../../core/spec-text.ts';
import { languages } from './message.ts';
import { weekdays } from './roster.ts';
import { placesOf } from './template.ts';

const name = z
  .string()
  .regex(/^[\w.-]{1,64}$/, expecting('expected letters, digits, dots, - and _', '应为字母、数字、“.”、“-”和“_”'));
const time = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('expected a time such as "08:00"', '应为时刻，如 "08:00"'));
const date = z.iso.date(expecting('expected a date such as "2027-02-17"', '应为日期，如 "2027-02-17"'));
const moment = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$/,
    expecting('expected a moment such as "2026-12-01T08:00"', '应为时间，如 "2026-12-01T08:00"'),
  );
const webUrl = z.string().refine(
  (text) => {
    return URL.canParse(text.replace(/\{\w+\}/g, 'x')) && /^https?:/.test(text);
  },
  expecting('expected http://… or https://…', '应为 http://… 或 https://…'),
);
const knownPlaces = ['phone', 'chat', 'mail', 'name', 'title', 'brief', 'text', 'code', 'id'];
const template = z.string().refine((text) => placesOf(text).every((place) => knownPlaces.includes(place)), {
  error: `expected only the places ${knownPlaces.map((place) => `{${place}}`).join(' ')}`,
});

const person = z.strictObject({
  id: name.describe('Name by which the roster calls the person.'),
  name: z.string().max(64).default('').describe('Name as people know it.'),
  language: z.enum(languages).default('zh').describe('Language of messages.'),
  channels: z
    .array(name)
    .min(1)
    .max(8)
    .describe('Channels over which the person is told: the first that takes the message; a safety alarm over all.'),
  phone: z.string().max(32).default('').describe('Telephone number, for channels of kind `http`.'),
  mail: z.string().max(254).default('').describe('Mail address.'),
  chat: z.string().max(64).default('').describe('User id in the chat, who is then mentioned.'),
});

const people = { people: z.array(name).min(1).max(32).describe('In the order in which they are told.') };
const shift = {
  from: time.describe('Beginning, on the clock on the wall.'),
  to: time.describe('End; the next day when not after `from`.'),
};

const roster = z
  .strictObject({
    weekly: z
      .array(z.strictObject({ days: z.array(z.enum(weekdays)).min(1), ...shift, ...people }))
      .max(100)
      .default([])
      .describe('Shifts of every week; `days` are those on which they begin.'),
    holidays: z
      .array(z.strictObject({ dates: z.array(date).min(1).max(366), ...shift, ...people }))
      .max(100)
      .default([])
      .describe('Shifts of single days, on which those of the week do not count.'),
    overrides: z
      .array(z.strictObject({ from: moment, to: moment, ...people }))
      .max(100)
      .default([])
      .describe('Somebody else between two moments.'),
  })
  .prefault({})
  .describe('Who is on duty when. Where it has nobody, all people are told in their order.');

const chat = z.strictObject({
  id: name,
  kind: z.literal('wecom'),
  url: webUrl.describe('Webhook of the robot in the chat group, with its key.'),
});
const http = z.strictObject({
  id: name,
  kind: z.literal('http'),
  url: template.pipe(webUrl).describe('Address of an SMS, voice or other gateway.'),
  headers: z.record(z.string(), z.string()).default({}).describe('Headers, such as its key.'),
  format: z
    .enum(['json', 'form'])
    .default('json')
    .describe('What the body is; what stands in the places is escaped for it.'),
  body: template.max(4_096).describe('Body, e.g. {"to": "{phone}", "text": "{brief}"}.'),
  success: z
    .string()
    .max(256)
    .default('')
    .describe('Text that the answer must have, for gateways that refuse with status 200.'),
});
const mail = z.strictObject({
  id: name,
  kind: z.literal('mail'),
  host: z.string().min(1).describe('Mail server.'),
  port: z.int().min(1).max(65_535).default(465),
  encryption: z.enum(['tls', 'starttls', 'none']).default('tls').describe('From the start, by STARTTLS, or none.'),
  username: z.string().optional(),
  password: z.string().optional(),
  sender: z.string().min(3).max(254).describe('Address that the mail is from.'),
});

/** Keys of a `sinks:` entry with `sink: people`. */
export const peopleOptions = z.object({
  people: z.array(person).min(1).max(100).describe('Who can be told.'),
  channels: z
    .array(z.discriminatedUnion('kind', [chat, http, mail]))
    .min(1)
    .max(16)
    .describe('Roads to people: a chat robot, an SMS or voice gateway, mail.'),
  timezone: z
    .string()
    .default('Asia/Shanghai')
    .refine(
      isTimezone,
      expecting('not a time zone of the IANA database, e.g. Asia/Shanghai', '不是 IANA 时区，例如 Asia/Shanghai'),
    )
    .describe('Time zone of the roster and of times in messages.'),
  roster,
  tell: z
    .array(z.enum(['critical', 'high', 'medium', 'low']))
    .default(['critical', 'high'])
    .describe('Priorities that people are told of; safety alarms always.'),
  nextAfterMinutes: z
    .number()
    .min(1)
    .max(1_440)
    .default(10)
    .describe('Time until the next person is told, unless somebody has acknowledged the alarm.'),
  rate: z
    .strictObject({
      messages: z.int().min(1).max(100).default(5).describe('Messages to one person within `minutes` at most.'),
      minutes: z
        .number()
        .min(1)
        .max(1_440)
        .default(10)
        .describe('The time in which they are counted, at every moment.'),
    })
    .prefault({})
    .describe(
      'Beyond it what one person is to be told is held and comes in one message; safety alarms are never held.',
    ),
  replies: z
    .strictObject({
      validMinutes: z.number().min(1).max(1_440).default(60).describe('How long a code is good.'),
    })
    .optional()
    .describe(
      'Messages carry a code of six digits: whoever sends it back acknowledges what the message told, in the name of the person it went to. None when left out.',
    ),
  secretFile: z
    .string()
    .min(1)
    .optional()
    .describe('File with the secret that signs replies which a gateway of messages posts back, relative to this file.'),
  link: z
    .string()
    .max(512)
    .default('')
    .describe('Where an alarm is acknowledged, for messages; {alarm} stands for its id.'),
});

export type PeopleOptions = z.output<typeof peopleOptions>;
export type Person = PeopleOptions['people'][number];
export type ChannelEntry = PeopleOptions['channels'][number];

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
