import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { asText, both, type Text } from '../../edge/core/text.ts';
import type { WireListener } from '../api.ts';
import { modbusErrors } from './errors.ts';
import { type MbapFrame, MbapReader } from './frame.ts';
import { likenessOf } from './likeness.ts';
import { LinkStream } from './link-stream.ts';
import { Pauses } from './pauses.ts';
import type { ReadReply } from './pdu.ts';
import { SilentUnits } from './silent-units.ts';
import { WireTap } from './wire-tap.ts';

/** A link on which this many answers in a row fitted no request has lost step and is dropped. */
const maxMisfitsInARow = 100;
const maxTransaction = 0xffff;
/** Transaction ids that timed out and may still be answered; the oldest is forgotten first. */
const maxUnanswered = 1024;

/** A request on its way, as the link sees it. */
export interface LinkRequest {
  /** Its frame, encoded once; only the transaction id changes. */
  readonly read: { readonly unit: number; readonly frame: Uint8Array; judge(pdu: Uint8Array): ReadReply };
  /** How long its answer may take from when it is sent, ms. */
  readonly timeoutMs: number;
  /** The same where others wait for the line; `timeoutMs` when left out. */
  hurriedMs?(): number;
  answered(pdu: Uint8Array, reply: Exclude<ReadReply, 'mismatch'>, tookMs: number): void;
  timedOut(waitedMs: number): void;
  /** Takes it back to be sent once more; false where that must not be. */
  again(): boolean;
}

/** One who reads over a link: a device behind its own unit id. */
export interface LinkUser {
  /**
   * Least time between the end of an exchange with it and its next request, ms. On a line whose answers carry no number,
   * which is one wire for all, nobody is asked meanwhile.
   */
  readonly minPauseMs?: number;
  /** Its next request, when it has one that may be sent beside those on the wire. */
  next(mayBeSent: (frame: Uint8Array) => boolean): LinkRequest | undefined;
  /** Who hears what it sends and gets. */
  readonly wire?: WireListener | undefined;
  /** The link is gone; `wrap` makes the error that says so in the user's own words. Never called after `leave`. */
  lost(wrap: (target: string, open: number) => LifelineError): void;
}

interface InFlight {
  readonly request: LinkRequest;
  readonly user: LinkUser;
  readonly sentMs: number;
  readonly deadlineMs: number;
}

/**
 * The client's end of one Modbus line, over any byte stream, shared by all devices behind it: they take turns, a request
 * each. An answer counts only when transaction, unit, function and length fit a request in flight; others are counted and
 * dropped. Of several requests in flight no two are alike, so that a device that mixes ids up is found out before a wrong
 * value is taken: from then on there is one at a time. Bytes that cannot be a frame and an end of the stream end the link for all.
 */
export class ModbusLink {
  private readonly stream: LinkStream;
  private readonly clock: Clock;
  private maxInFlight: number;
  private reader = new MbapReader();
  private readonly users: LinkUser[] = [];
  private turn = 0;
  private readonly inFlight = new Map<number, InFlight>();
  /** Likenesses of the requests in flight, where there may be several. */
  private readonly onWire = new Set<number>();
  /** Not given out again while a late answer could be taken for that of a newer request. */
  private readonly unanswered = new Set<number>();
  private transaction = 0;
  private readonly units = new Set<number>();
  private readonly silent: SilentUnits;
  private readonly pauses: Pauses<unknown>;
  private readonly numbered: boolean;
  private readonly tap: WireTap;
  private readonly mixedUp: ((inFlight: number) => void) | undefined;
  private misfitsInARow = 0;
  private dropped = 0;
  private timer: Timer | undefined;
  /** When the timer looks for answers that are missing, monotonic ms. */
  private looksAtMs = 0;
  private hasEnded = false;

  /**
   * @param maxInFlight requests on the wire at once; more than one only for devices that sort answers by transaction id
   * @param numbered whether answers carry that id; not so on RTU lines
   * @param mixedUp told once when the device mixed answers up while so many requests were allowed on the wire
   * @param reopen opens the stream again, where it may be closed between polls
   */
  constructor(
    stream: Duplex,
    {
      clock,
      maxInFlight,
      numbered = true,
      mixedUp,
      reopen,
    }: {
      clock: Clock;
      maxInFlight: number;
      numbered?: boolean;
      mixedUp?: (inFlight: number) => void;
      reopen?: (signal: AbortSignal) => Promise<Duplex>;
    },
  ) {
    this.clock = clock;
    this.maxInFlight = maxInFlight;
    this.numbered = numbered;
    this.mixedUp = mixedUp;
    this.silent = new SilentUnits(clock, numbered);
    this.pauses = new Pauses(clock, () => this.send());
    this.tap = new WireTap(clock, numbered);
    const events = {
      data: (chunk: Uint8Array) => this.receive(chunk),
      reopened: () => {
        this.reader = new MbapReader();
        this.send();
      },
      lost: (what: Text, cause?: unknown) => this.fail('CLOSED', what, cause),
    };
    this.stream = new LinkStream(stream, clock, events, reopen);
  }

  /** Answers that fitted no request (late, swapped, wrong length) since the link was opened. */
  get droppedAnswers(): number {
    return this.dropped;
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  /** Whether one silence of a unit is enough to let it go for now: others wait, or a late answer may come. */
  get impatient(): boolean {
    return !this.numbered || this.shared;
  }

  private get shared(): boolean {
    return this.users.length > 1 || this.units.size > 1;
  }

  /** How long a unit that was silent is left alone from now on, ms; what is urgent is tried sooner. */
  restMs(unit: number, urgent = false): number {
    return this.silent.restMs(unit, urgent);
  }

  /** From now on no more requests than that are on the wire at once: the most careful of its users decides. */
  limitInFlight(maxInFlight: number): void {
    this.maxInFlight = Math.min(this.maxInFlight, maxInFlight);
  }

  /** From now on the connection is open only while something is asked, where that is possible. */
  closeBetweenPolls(): void {
    this.stream.closeBetween();
  }

  join(user: LinkUser): void {
    this.users.push(user);
  }

  /** Forgets a user and what it has in flight; the link ends with its last one. */
  leave(user: LinkUser): void {
    const place = this.users.indexOf(user);
    if (place < 0) return;
    this.users.splice(place, 1);
    for (const [transaction, pending] of this.inFlight) if (pending.user === user) this.abandon(transaction);
    if (this.users.length === 0) this.end();
    else if (this.stream.isOpen) this.send();
  }

  /** Gives this user the next turn. */
  prefer(user: LinkUser): void {
    this.turn = this.users.indexOf(user) - 1;
  }

  /** Sends what may be sent now, a request of each user in turn. */
  send(): void {
    if (this.hasEnded || !this.stream.ready()) return;
    let idle = 0;
    while (this.inFlight.size < this.maxInFlight && idle < this.users.length) {
      this.turn = this.turn + 1 < this.users.length ? this.turn + 1 : 0;
      const user = this.users[this.turn] as LinkUser;
      const request = this.pauses.holds(this.pauseOf(user)) ? undefined : user.next(this.mayBeSent);
      if (request) this.put(user, request);
      idle = request ? 0 : idle + 1;
    }
    if (!this.timer) this.watch();
    if (this.inFlight.size === 0 && !this.pauses.any) this.stream.rest();
  }

  /** Whether no request like this one is on the wire. */
  private readonly mayBeSent = (frame: Uint8Array): boolean =>
    this.onWire.size === 0 || !this.onWire.has(likenessOf(frame));

  /** Whom the pause after an exchange with a user holds up. */
  private pauseOf(user: LinkUser): unknown {
    return this.numbered ? user : this;
  }

  private put(user: LinkUser, request: LinkRequest): void {
    this.units.add(request.read.unit);
    do this.transaction = this.transaction === maxTransaction ? 0 : this.transaction + 1;
    while (this.inFlight.has(this.transaction) || this.unanswered.has(this.transaction));
    const sentMs = this.clock.monotonicMs();
    const waitMs = (this.shared ? request.hurriedMs?.() : undefined) ?? request.timeoutMs;
    const deadlineMs = sentMs + waitMs;
    this.inFlight.set(this.transaction, { request, user, sentMs, deadlineMs });
    if (deadlineMs < this.looksAtMs) this.lookAnew();
    if (this.maxInFlight > 1) this.onWire.add(likenessOf(request.read.frame));
    const frame = request.read.frame.slice();
    frame[0] = this.transaction >>> 8;
    frame[1] = this.transaction;
    this.tap.sent(user.wire, frame);
    this.stream.write(frame);
  }

  private receive(chunk: Uint8Array): void {
    if (this.hasEnded) return;
    try {
      for (const frame of this.reader.push(chunk)) {
        this.accept(frame);
        if (this.hasEnded) return;
      }
    } catch (cause) {
      if (!(cause instanceof LifelineError)) throw cause;
      this.fail('FRAMING', cause.told, cause);
      return;
    }
    this.send();
  }

  private accept(frame: MbapFrame): void {
    const pending = this.inFlight.get(frame.transaction);
    const read = pending?.request.read;
    const reply = read && frame.unit === read.unit ? read.judge(frame.pdu) : 'mismatch';
    if (!pending || reply === 'mismatch') {
      this.drop(frame);
      return;
    }
    this.inFlight.delete(frame.transaction);
    this.landed(pending.request);
    this.misfitsInARow = 0;
    this.silent.answered(frame.unit);
    this.pauses.begin(this.pauseOf(pending.user), pending.user.minPauseMs ?? 0);
    this.tap.answered(pending.user.wire, frame, pending.request.read.frame, pending.sentMs);
    pending.request.answered(frame.pdu, reply, this.clock.monotonicMs() - pending.sentMs);
  }

  private drop(frame: MbapFrame): void {
    this.dropped++;
    for (const user of this.users) this.tap.stray(user.wire, frame);
    // a late answer is no sign of confusion
    if (!this.unanswered.delete(frame.transaction) && this.maxInFlight > 1) this.goSlow();
    if (++this.misfitsInARow < maxMisfitsInARow) return;
    this.fail(
      'FRAMING',
      both(`${maxMisfitsInARow} answers in a row fitted no request`, `连续 ${maxMisfitsInARow} 个应答对不上请求`),
    );
  }

  /** From now on one request at a time; those on the wire are sent anew where they may, since their answers are not to be trusted. */
  private goSlow(): void {
    this.mixedUp?.(this.maxInFlight);
    this.maxInFlight = 1;
    for (const [transaction, { request }] of [...this.inFlight].reverse()) {
      if (request.again()) this.abandon(transaction);
    }
  }

  private landed({ read }: LinkRequest): void {
    if (this.onWire.size > 0) this.onWire.delete(likenessOf(read.frame));
  }

  /**
   * One timer a link: it sleeps until the nearest deadline it knew of, then looks again. Timers run before sockets are
   * read, so answers that came while the process stood still get one turn of the event loop before they count as missing.
   */
  private watch(): void {
    const nearestMs = this.nearestDeadlineMs();
    if (nearestMs === Number.POSITIVE_INFINITY) return;
    this.looksAtMs = nearestMs;
    this.timer = this.clock.after(Math.max(0, nearestMs - this.clock.monotonicMs()), () => {
      this.timer = undefined;
      if (this.nearestDeadlineMs() > this.clock.monotonicMs()) return this.watch();
      this.timer = this.clock.after(0, () => {
        this.timer = undefined;
        this.expire(this.clock.monotonicMs());
      });
    });
  }

  /** Of the answers that are awaited, when the first is to be there, monotonic ms; Infinity while none is. */
  private nearestDeadlineMs(): number {
    let nearestMs = Number.POSITIVE_INFINITY;
    for (const { deadlineMs } of this.inFlight.values()) nearestMs = Math.min(nearestMs, deadlineMs);
    return nearestMs;
  }

  /** A request is to be answered before the timer would look. */
  private lookAnew(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private expire(nowMs: number): void {
    for (const [transaction, { request, user, sentMs, deadlineMs }] of this.inFlight) {
      if (deadlineMs > nowMs) continue;
      this.abandon(transaction);
      const { timeoutMs, read } = request;
      const waitedMs = deadlineMs - sentMs;
      this.silent.silent(read.unit, { sentMs, waitedMs, timeoutMs, heldUpOthers: this.shared });
      this.pauses.begin(this.pauseOf(user), user.minPauseMs ?? 0);
      user.wire?.failed('timeout');
      request.timedOut(waitedMs);
      if (this.hasEnded) return;
    }
    this.send();
  }

  private abandon(transaction: number): void {
    const pending = this.inFlight.get(transaction);
    if (pending) this.landed(pending.request);
    this.inFlight.delete(transaction);
    this.unanswered.add(transaction);
    if (this.unanswered.size <= maxUnanswered) return;
    const [oldest] = this.unanswered;
    this.unanswered.delete(oldest as number);
  }

  private fail(name: 'CLOSED' | 'FRAMING', what: Text, cause?: unknown): void {
    if (this.hasEnded) return;
    const users = [...this.users];
    this.end();
    for (const user of users) {
      user.lost((target, open) => {
        const left = open > 0 ? both(` with ${open} reads open`, `，尚有 ${open} 个读取未完成`) : asText('');
        const text = both(`link to ${target}: ${what.en}${left.en}`, `${target} 的连接：${what.zh}${left.zh}`);
        return modbusErrors.create(name, text, cause);
      });
    }
  }

  private end(): void {
    this.hasEnded = true;
    this.timer?.cancel();
    this.pauses.end();
    this.inFlight.clear();
    this.onWire.clear();
    this.users.length = 0;
    this.stream.destroy();
  }
}
