import type { Clock } from '../../core/clock.ts';
import { errorWithin, type LifelineError } from '../../core/errors.ts';
import { both, type Text } from '../../core/text.ts';
import { agentFor, type Posting, post } from '../post.ts';
import { peopleErrors } from './errors.ts';
import type { Message } from './message.ts';
import type { ChannelEntry, Person } from './options.ts';
import { fill } from './template.ts';

/** A road to people. */
export interface Channel {
  /** Resolves once the service has taken the message; rejects with a coded error. The signal gives up. */
  send(person: Person, message: Message, signal: AbortSignal): Promise<void>;
}

const timeoutMs = 15_000;
/** Limit of a chat robot's markdown (WeCom, "group robot configuration"). */
const maxMarkdownBytes = 4_096;

export function channelOf(entry: ChannelEntry, clock: Clock): Channel {
  if (entry.kind === 'mail') return mailChannel(entry, clock);
  const requestOf = (person: Person, message: Message) =>
    entry.kind === 'wecom' ? robotRequest(entry, person, message) : templateRequest(entry, person, message);
  const agent = agentFor(entry.url, {});
  return {
    async send(person, message, signal) {
      const about = telling(person, entry.id, new URL(entry.url).host);
      const { refusal, ...posting } = requestOf(person, message);
      const answer = await post(posting, { clock, agent, timeoutMs }, signal);
      if (answer.kind === 'silent') {
        throw peopleErrors.create('TIMEOUT', about(noAnswerIn(answer.afterMs / 1000)));
      }
      if (answer.kind === 'failed') {
        throw peopleErrors.create('UNREACHABLE', about(errorWithin(answer.error)), answer.error);
      }
      const { status, text } = answer;
      const why = status < 200 || status > 299 ? both(`status ${status}`, `状态 ${status}`) : refusal(text);
      if (why) throw peopleErrors.create('REFUSED', about(quoting(why, text.slice(0, 200))));
    },
  };
}

const noAddress = both('the person has no mail address', '此人没有邮箱');
const noAnswerIn = (seconds: number): Text => both(`no answer in ${seconds} s`, `${seconds} s 内无应答`);
const quoting = (why: Text, answer: string): Text =>
  both(`${why.en} ${answer}`.trimEnd(), answer === '' ? why.zh : `${why.zh} “${answer}”`);

/** Texts about telling a person over a channel. */
const telling =
  ({ id }: Person, channel: string, host: string) =>
  (why: Text): Text =>
    both(`tell ${id} over ${channel} (${host}): ${why.en}`, `经 ${channel}（${host}）通知 ${id}：${why.zh}`);

interface Request extends Posting {
  /** Why an answer of status 2xx is none that takes the message; undefined when it does. */
  refusal(answer: string): Text | undefined;
}

type Entry<Kind extends ChannelEntry['kind']> = Extract<ChannelEntry, { kind: Kind }>;

/** Markdown to a chat group; the person is mentioned. */
function robotRequest({ url }: Entry<'wecom'>, person: Person, { title, text }: Message): Request {
  const mention = person.chat ? `\n<@${person.chat}>` : '';
  const room = maxMarkdownBytes - Buffer.byteLength(mention);
  const content = cutBytes(`**${title}**\n${text}`, room) + mention;
  return {
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ msgtype: 'markdown', markdown: { content } }),
    refusal: (answer) => (/"errcode"\s*:\s*0\b/.test(answer) ? undefined : both('the robot answered', '机器人答复')),
  };
}

function templateRequest(entry: Entry<'http'>, person: Person, message: Message): Request {
  const { phone, chat, mail, name } = person;
  const values = { phone, chat, mail, name, ...message };
  const type = entry.format === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  return {
    url: fill(entry.url, values, 'url'),
    headers: { 'content-type': type, ...entry.headers },
    body: fill(entry.body, values, entry.format),
    refusal: (answer) =>
      answer.includes(entry.success)
        ? undefined
        : both(`no ${JSON.stringify(entry.success)} in the answer`, `答复中没有“${entry.success}”`),
  };
}

/** The text without what is beyond so many bytes of UTF-8, ending at a character. */
function cutBytes(text: string, bytes: number): string {
  const whole = Buffer.from(text);
  return whole.length <= bytes
    ? text
    : whole
        .subarray(0, bytes)
        .toString('utf8')
        .replace(/\ufffd+$/, '');
}

function mailChannel(entry: Entry<'mail'>, clock: Clock): Channel {
  const { host, port, encryption, username, password, sender } = entry;
  return {
    async send(person, { id, title, text }, signal) {
      const about = telling(person, entry.id, `${host}:${port}`);
      if (!person.mail) throw peopleErrors.create('REFUSED', about(noAddress));
      // only here: a gateway that sends no mail does without the library's memory
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        ...{ host, port, secure: encryption === 'tls', requireTLS: encryption === 'starttls' },
        ...{ ignoreTLS: encryption === 'none', disableFileAccess: true, disableUrlAccess: true },
        ...(username === undefined ? {} : { auth: { user: username, pass: password ?? '' } }),
      });
      const close = () => transport.close();
      signal.addEventListener('abort', close);
      const timer = clock.after(timeoutMs, close);
      try {
        // the same id for every attempt: mail readers then show one
        const envelope = { from: sender, to: person.mail, subject: title, text };
        await transport.sendMail({ ...envelope, messageId: `<${id}@lifeline>`, date: new Date(clock.wallMs()) });
      } catch (error) {
        throw mailTrouble(about, error);
      } finally {
        timer.cancel();
        signal.removeEventListener('abort', close);
        transport.close();
      }
    },
  };
}

/** Errors of nodemailer: `responseCode` is the server's SMTP reply (RFC 5321 §4.2). */
function mailTrouble(about: (why: Text) => Text, error: unknown): LifelineError {
  const refused = error instanceof Error && ('responseCode' in error || ('code' in error && error.code === 'EAUTH'));
  return peopleErrors.create(refused ? 'REFUSED' : 'UNREACHABLE', about(errorWithin(error)), error);
}
