import type { Timer } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { ReplyDesk, Sink, SinkHost, SinkStatus } from '../api.ts';
import { CallBacks } from '../call-back.ts';
import { Forwarder } from '../forwarder.ts';
import { troubleFigures } from '../trouble.ts';
import { alarmTold } from './alarm-news.ts';
import { channelOf } from './channel.ts';
import { decide, heed, isOpen, nextMs, type Policy } from './escalation.ts';
import { Keeping } from './keeping.ts';
import { compose, toldInFull } from './message.ts';
import type { PeopleOptions } from './options.ts';
import { type Letter, Outbox } from './outbox.ts';
import { readReply } from './read-reply.ts';
import { isFrom } from './reply-codes.ts';
import { onDuty } from './roster.ts';

/** Pause before the disk is tried again, and between looks while events from before the start are read. */
const againMs = 5_000;
const catchUpMs = 50;
/** A wait longer than this is made of several. */
const maxSleepMs = 3_600_000;

/** Tells the people on duty of alarms until one of them acknowledges. */
export class PeopleSink implements Sink {
  private readonly id: string;
  private readonly options: PeopleOptions;
  private readonly host: SinkHost;
  private readonly policy: Policy;
  private readonly forwarder: Forwarder;
  private readonly outbox: Outbox;
  private readonly keeping: Keeping;
  /** Where the secret can show that a reply comes from a gateway of messages. */
  readonly callBack: CallBacks | undefined;
  readonly replies: ReplyDesk;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private timer: Timer | undefined;
  /** Newest event of before the start: until it is taken in, nobody is told of what may be over long since. */
  private backlogEnd = 0;
  private deciding: Promise<void> = Promise.resolve();

  constructor(id: string, options: PeopleOptions, host: SinkHost) {
    const { clock, log, random } = host;
    const { people, channels, nextAfterMinutes, rate } = options;
    this.id = id;
    this.options = options;
    this.host = host;
    this.policy = {
      ...{ nextAfterMs: nextAfterMinutes * 60_000, messages: rate.messages, windowMs: rate.minutes * 60_000 },
    };
    this.forwarder = new Forwarder({ ...host, sink: id });
    this.keeping = new Keeping(host.memory, clock, random);
    const secret = host.documents['secretFile'];
    this.callBack =
      typeof secret === 'string'
        ? new CallBacks({ ...host, sink: id, secret, read: (body) => readReply(body, id) })
        : undefined;
    this.replies = {
      knows: (code) => this.keeping.codes.get(code, this.keeping.nowMs()) !== undefined,
      take: (code, from) => this.redeem(code, from),
    };
    const persons = new Map(people.map((person) => [person.id, person]));
    this.outbox = new Outbox({
      ...{ clock, log, sink: id, channels: new Map(channels.map((entry) => [entry.id, channelOf(entry, clock)])) },
      person: (name) => persons.get(name),
      compose: (letter, { language }) =>
        compose(
          { id: letter.id, gateway: host.gateway, cases: letter.words, code: letter.code ?? '', ...options },
          language,
        ),
      isWanted: ({ cases }) => cases.some((key) => isOpen(this.keeping.book, key)),
      done: () => this.keep(),
    });
  }

  async start(): Promise<void> {
    this.outbox.add(await this.keeping.load());
    await this.forwarder.start();
    this.backlogEnd = this.host.journal.last;
    this.running ??= this.forwarder.run((event) => this.take(event), this.stopping.signal);
    this.outbox.send(this.outbox.waiting());
    this.lookIn(0);
  }

  /** Carries events alone. */
  publish(): void {}

  status(): SinkStatus {
    const { host, outbox, forwarder, options } = this;
    const waiting = outbox.waiting();
    const oldestMs = waiting[0] ? host.clock.wallMs() - waiting[0].since : 0;
    return {
      ...{ id: this.id, sink: 'people', endpoint: options.channels.map(({ id }) => id).join(', ') },
      ...{ state: outbox.trouble ? 'waiting' : 'online', ...troubleFigures(outbox.trouble) },
      ...{ forwarded: outbox.delivered, pending: forwarder.pending + waiting.length },
      oldestPendingMs: Math.max(forwarder.oldestPendingMs, oldestMs, 0),
    };
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.timer?.cancel();
    this.outbox.stop();
    await this.running;
    await this.deciding;
    await this.keeping.settled();
    await this.forwarder.stop();
  }

  /** Takes an event in; resolves once what came of it is on disk. */
  private async take(event: Event): Promise<void> {
    const told = alarmTold(event, this.host.guidance);
    if (!told) return;
    const { news, words } = told;
    const { tell } = this.options;
    if (!news.safety && !tell.includes(news.priority)) return;
    heed(this.keeping.book, news, this.keeping.nowMs());
    this.keeping.words.set(news.id, words);
    this.lookIn(0);
    for (;;) {
      try {
        return await this.keeping.save(this.outbox.waiting());
      } catch (error) {
        this.host.log.warn({ sink: this.id }, `keep whom to tell: ${describeError(error)}`);
        if (this.stopping.signal.aborted) throw error;
        await this.pause();
      }
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.host.clock.after(againMs, resolve);
    });
  }

  private lookIn(delayMs: number): void {
    this.timer?.cancel();
    if (this.stopping.signal.aborted) return;
    this.timer = this.host.clock.after(Math.min(delayMs, maxSleepMs), () => {
      this.deciding = this.deciding.then(() => this.look());
    });
  }

  /** Decides whom to tell now; a message goes out once it is on disk. */
  private async look(): Promise<void> {
    const { host, keeping, outbox, policy } = this;
    if (host.journal.last - this.forwarder.pending < this.backlogEnd) return this.lookIn(catchUpMs);
    const { book } = keeping;
    const decisions = decide(book, keeping.nowMs(), this.duty(), policy);
    const letters = decisions.map(({ person, cases, safety }): Letter => {
      const words = cases.map((key) => keeping.wordsOf(key)).filter((alarms) => alarms.length > 0);
      const letter = { id: keeping.nextId(host.gateway), person, cases, safety, words, since: host.clock.wallMs() };
      const code = this.codeFor(letter);
      return { ...letter, ...(code === undefined ? {} : { code }) };
    });
    if (letters.length > 0) {
      outbox.add(letters);
      // a disk that refuses must not keep people from being told
      await keeping.save(outbox.waiting()).catch((error) => {
        host.log.warn({ sink: this.id }, `keep whom to tell: ${describeError(error)}`);
      });
      outbox.send(letters);
    }
    const next = nextMs(book, policy);
    if (next !== undefined) this.lookIn(Math.max(0, next - keeping.nowMs()));
  }

  private codeFor({ person, words }: Letter): string | undefined {
    const { replies } = this.options;
    if (!replies) return undefined;
    const nowMs = this.keeping.nowMs();
    const alarms = toldInFull(words).map(({ id: alarm, raisedAt }) => ({ alarm, raisedAt }));
    return this.keeping.codes.give({ person, alarms, untilMs: nowMs + replies.validMinutes * 60_000 }, nowMs);
  }

  /** What a code stands for; from anybody but its person it stands for nothing, and stays good. */
  private redeem(code: string, from: string | undefined): ReturnType<ReplyDesk['take']> {
    const { codes } = this.keeping;
    const given = codes.get(code, this.keeping.nowMs());
    const person = this.options.people.find(({ id }) => id === given?.person);
    if (!given || !person) return undefined;
    if (from !== undefined && !isFrom(from, [person.phone, person.chat, person.mail])) return undefined;
    codes.spend(code);
    this.keep();
    return { by: `${person.name || person.id} (${this.id})`, alarms: given.alarms };
  }

  /** Those of the roster; where it has nobody, all. */
  private duty(): readonly string[] {
    const { roster, timezone, people } = this.options;
    const named = onDuty({ ...roster, timezone }, this.host.clock.wallMs());
    return named.length > 0 ? named : people.map(({ id }) => id);
  }

  private keep(): void {
    this.keeping.save(this.outbox.waiting()).catch((error) => {
      this.host.log.warn({ sink: this.id }, `keep whom to tell: ${describeError(error)}`);
    });
  }
}
