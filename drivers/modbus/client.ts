import type { LifelineError } from '../../edge/core/errors.ts';
import { asText, both, type Text } from '../../edge/core/text.ts';
import type { WireListener } from '../api.ts';
import { modbusErrors } from './errors.ts';
import { encodeMbap } from './frame.ts';
import type { LinkRequest, LinkUser, ModbusLink } from './link.ts';
import { Patience } from './patience.ts';
import {
  copyBits,
  copyRegisters,
  encodeReadRequest,
  isBitTable,
  judgeReadReply,
  judgeReply,
  type ModbusTable,
  type ReadReply,
} from './pdu.ts';
import { placesText } from './place.ts';

/** A device that left this many requests in a row unanswered is given up. */
const maxTimeoutsInARow = 3;

/** A request as it goes out, reads again and again: its frame is encoded once, only the transaction id changes. */
export interface PreparedRequest {
  readonly table: ModbusTable;
  readonly address: number;
  readonly count: number;
  readonly unit: number;
  readonly frame: Uint8Array;
  readonly verb: 'read' | 'write';
  /** Whether an answer is that of this request: function, length and what must be echoed. */
  judge(pdu: Uint8Array): ReadReply;
}

/** Encodes a read of `count` registers or bits for repeated use. */
export function prepareRead(unit: number, table: ModbusTable, address: number, count: number): PreparedRequest {
  const frame = encodeMbap(0, unit, encodeReadRequest(table, address, count));
  return { table, address, count, unit, frame, verb: 'read', judge: (pdu) => judgeReadReply(pdu, table, count) };
}

/** Encodes a write request for the places that it covers. */
export function prepareWrite(
  unit: number,
  table: ModbusTable,
  address: number,
  count: number,
  write: Uint8Array,
): PreparedRequest {
  const judge = (pdu: Uint8Array): ReadReply => {
    const reply = judgeReply(pdu, write);
    return reply === 'answer' ? 'values' : reply;
  };
  return { table, address, count, unit, frame: encodeMbap(0, unit, write), verb: 'write', judge };
}

/** How a read ended on a link that still stands. */
export type ReadOutcome =
  | { readonly kind: 'values' }
  | { readonly kind: 'exception'; readonly exception: number }
  | { readonly kind: 'timeout'; readonly error: LifelineError };

const values: ReadOutcome = { kind: 'values' };

export interface ClientOptions {
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  readonly timeoutMs: number;
  /** Waits less where others wait for the line and this device's own round trips are known. */
  readonly patience?: { readonly minTimeoutMs: number } | undefined;
  /** Least time between the end of an exchange and the next request, ms. */
  readonly minPauseMs?: number;
  /** Who hears this device's frames. */
  readonly wire?: WireListener | undefined;
  /** This device's part of the link is gone; called at most once, never after `close`. */
  lost(error: LifelineError): void;
}

interface Pending extends LinkRequest {
  readonly read: PreparedRequest;
  readonly resolve: (outcome: ReadOutcome) => void;
  readonly reject: (error: LifelineError) => void;
}

/**
 * One device's reads over a link. Three timeouts in a row give the device up, and with it the link when nobody else reads
 * over it; where others do, or a late answer may still come, what this device wanted to ask besides counts as unanswered
 * after the first. When the link ends every open read rejects at once. Waiting reads are bounded by the callers' plans,
 * since a poll group is never read twice at the same time.
 */
export class ModbusClient implements LinkUser {
  readonly minPauseMs: number;
  private readonly patience: Patience;
  private readonly link: ModbusLink;
  private readonly options: ClientOptions;
  private waiting: Pending[] = [];
  private waitingFrom = 0;
  /** How many of those that wait, the first ones, are urgent. */
  private urgentWaiting = 0;
  private readonly sent = new Set<Pending>();
  private timeoutsInARow = 0;
  private ended = false;

  constructor(link: ModbusLink, options: ClientOptions) {
    this.link = link;
    this.options = options;
    this.minPauseMs = options.minPauseMs ?? 0;
    const { timeoutMs, patience } = options;
    this.patience = new Patience({ timeoutMs, minTimeoutMs: patience?.minTimeoutMs ?? timeoutMs, learns: !!patience });
    link.join(this);
  }

  /** Answers that fitted no request (late, swapped, wrong length) since the link was opened. */
  get droppedAnswers(): number {
    return this.link.droppedAnswers;
  }

  get wire(): WireListener | undefined {
    return this.options.wire;
  }

  /** Whether one silence is enough to let this device go for now. */
  get impatient(): boolean {
    return this.link.impatient;
  }

  /**
   * Reads into the front of `into` (registers as on the wire, bits as 0 and 1), which is untouched unless the outcome
   * is `values`. Rejects with a coded error only when the link ends.
   */
  read(read: PreparedRequest, into: Uint16Array): Promise<ReadOutcome> {
    const restMs = this.link.restMs(read.unit);
    if (restMs > 0) return this.leftAlone(read, restMs);
    return this.ask(read, into, (pending) => this.waiting.push(pending));
  }

  /**
   * A write, or a read that belongs to one: goes out as the next request, ahead of all that wait. A `timeout`, or a link that
   * ends, leaves open whether a write was carried out; nothing is sent twice. A unit that is left alone for the sake of the
   * others is asked all the same.
   */
  urgent(request: PreparedRequest, into?: Uint16Array): Promise<ReadOutcome> {
    const restMs = this.link.restMs(request.unit, true);
    if (restMs > 0) return this.leftAlone(request, restMs);
    return this.ask(request, into, (pending) => {
      this.waiting.splice(this.waitingFrom + this.urgentWaiting++, 0, pending);
      this.link.prefer(this);
    });
  }

  next(mayBeSent: (frame: Uint8Array) => boolean): LinkRequest | undefined {
    const pending = this.waiting[this.waitingFrom];
    if (!pending || !mayBeSent(pending.read.frame)) return undefined;
    this.waitingFrom++;
    this.urgentWaiting = Math.max(0, this.urgentWaiting - 1);
    if (this.waitingFrom === this.waiting.length) {
      this.waiting = [];
      this.waitingFrom = 0;
    }
    this.sent.add(pending);
    return pending;
  }

  lost(wrap: (target: string, open: number) => LifelineError): void {
    const error = wrap(this.options.target, this.sent.size + this.waiting.length - this.waitingFrom);
    this.end(error);
    this.options.lost(error);
  }

  /** Ends this device's part; open reads reject. */
  close(): void {
    if (!this.ended) this.end(this.closed(both('the connection was closed by the gateway', '由网关关闭')));
  }

  private ask(
    read: PreparedRequest,
    into: Uint16Array | undefined,
    wait: (pending: Pending) => void,
  ): Promise<ReadOutcome> {
    return new Promise((resolve, reject) => {
      if (this.ended || this.link.ended) return reject(this.closed(isClosed));
      const pending: Pending = {
        ...{ read, timeoutMs: this.options.timeoutMs, resolve, reject },
        hurriedMs: () => (read.verb === 'read' ? this.patience.hurriedMs : this.options.timeoutMs),
        answered: (pdu, reply, tookMs) => {
          this.patience.answered(tookMs);
          this.sent.delete(pending);
          this.timeoutsInARow = 0;
          if (reply !== 'values') return resolve({ kind: 'exception', exception: reply.exception });
          if (into && isBitTable(read.table)) copyBits(pdu, read.count, into);
          else if (into) copyRegisters(pdu, into);
          resolve(values);
        },
        timedOut: (waitedMs) => this.timedOut(pending, waitedMs),
        again: () => this.again(pending),
      };
      wait(pending);
      this.link.send();
    });
  }

  /** A read goes back to the front of those that wait; whether a write was carried out is open. */
  private again(pending: Pending): boolean {
    if (pending.read.verb !== 'read') return false;
    this.sent.delete(pending);
    this.waiting.splice(this.waitingFrom + this.urgentWaiting, 0, pending);
    return true;
  }

  private timedOut(pending: Pending, waitedMs: number): void {
    const error = this.timeoutError(pending.read, noAnswerIn(Math.round(waitedMs)));
    this.patience.timedOut(waitedMs);
    this.sent.delete(pending);
    pending.resolve({ kind: 'timeout', error });
    if (++this.timeoutsInARow >= maxTimeoutsInARow) {
      this.end(error);
      this.options.lost(error);
    } else if (this.impatient) {
      this.skip(pending.read.unit, error);
    }
  }

  /** What waits to be asked of a silent unit counts as unanswered too. */
  private skip(unit: number, error: LifelineError): void {
    const urgent = this.urgentWaiting;
    for (const [index, pending] of this.takeWaiting().entries()) {
      if (pending.read.unit === unit) pending.resolve({ kind: 'timeout', error });
      else {
        this.waiting.push(pending);
        if (index < urgent) this.urgentWaiting++;
      }
    }
  }

  private takeWaiting(): Pending[] {
    const waiting = this.waiting.slice(this.waitingFrom);
    this.waiting = [];
    this.waitingFrom = 0;
    this.urgentWaiting = 0;
    return waiting;
  }

  private leftAlone(request: PreparedRequest, restMs: number): Promise<ReadOutcome> {
    if (this.ended || this.link.ended) return Promise.reject(this.closed(isClosed));
    const why = both(
      `no answer before; the unit is left alone for ${Math.ceil(restMs)} ms more, so that the others are read`,
      `此前无应答；为先读其他站，${Math.ceil(restMs)} ms 内不再询问此站`,
    );
    return Promise.resolve({ kind: 'timeout', error: this.timeoutError(request, why) });
  }

  private timeoutError({ verb, table, address, count }: PreparedRequest, why: Text): LifelineError {
    const { droppedAnswers: dropped, options } = this;
    const misfits =
      dropped > 0
        ? both(
            ` (${dropped} answers fitted no request and were dropped)`,
            `（另有 ${dropped} 个应答对不上请求，已丢弃）`,
          )
        : asText('');
    const places = placesText(table, address, count);
    const text = both(
      `${verb} ${places.en} of ${options.target}: ${why.en}${misfits.en}; check cable, unit id, firewall`,
      `${verb === 'read' ? '读' : '写'} ${options.target} 的${places.zh}：${why.zh}${misfits.zh}`,
    );
    return modbusErrors.create('TIMEOUT', text);
  }

  private closed(what: Text): LifelineError {
    const { target } = this.options;
    return modbusErrors.create('CLOSED', both(`link to ${target}: ${what.en}`, `${target} 的连接：${what.zh}`));
  }

  private end(error: LifelineError): void {
    if (this.ended) return;
    this.ended = true;
    const open = [...this.sent, ...this.takeWaiting()];
    this.sent.clear();
    this.link.leave(this);
    for (const pending of open) pending.reject(error);
  }
}

const isClosed = both('the connection is closed', '连接已关闭');
const noAnswerIn = (ms: number): Text => both(`no answer in ${ms} ms`, `${ms} ms 内无应答`);
