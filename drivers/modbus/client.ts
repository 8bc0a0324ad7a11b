import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { modbusErrors } from './errors.ts';
import { encodeMbap, type MbapFrame, MbapReader } from './frame.ts';
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
import { describePlaces } from './place.ts';

/** A link on which this many requests in a row went unanswered is dropped. */
const maxTimeoutsInARow = 3;
/** A link on which this many answers in a row fitted no request has lost step and is dropped. */
const maxMisfitsInARow = 100;
const maxTransaction = 0xffff;
/** Transaction ids that timed out and may still be answered; the oldest is forgotten first. */
const maxUnanswered = 1024;

/** A read as it goes out again and again: its frame is encoded once, only the transaction id changes. */
export interface PreparedRead {
  readonly table: ModbusTable;
  readonly address: number;
  readonly count: number;
  readonly unit: number;
  readonly frame: Uint8Array;
  /** The request itself where it is a write: its answer must echo it. */
  readonly write?: Uint8Array;
}

/** Encodes a read of `count` registers or bits for repeated use. */
export function prepareRead(unit: number, table: ModbusTable, address: number, count: number): PreparedRead {
  return { table, address, count, unit, frame: encodeMbap(0, unit, encodeReadRequest(table, address, count)) };
}

/** Encodes a write request for the places that it covers. */
export function prepareWrite(
  unit: number,
  table: ModbusTable,
  address: number,
  count: number,
  write: Uint8Array,
): PreparedRead {
  return { table, address, count, unit, frame: encodeMbap(0, unit, write), write };
}

/** How a read ended on a link that still stands. */
export type ReadOutcome =
  | { readonly kind: 'values' }
  | { readonly kind: 'exception'; readonly exception: number }
  | { readonly kind: 'timeout'; readonly error: LifelineError };

const values: ReadOutcome = { kind: 'values' };

export interface ClientOptions {
  readonly clock: Clock;
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  readonly timeoutMs: number;
  /** Requests on the wire at once; more than one only for devices that sort answers by transaction id. */
  readonly maxInFlight: number;
  /** The link is gone; called at most once, never after `close`. */
  lost(error: LifelineError): void;
}

interface Pending {
  readonly read: PreparedRead;
  readonly into: Uint16Array | undefined;
  readonly resolve: (outcome: ReadOutcome) => void;
  readonly reject: (error: LifelineError) => void;
  deadlineMs: number;
}

function judge(pdu: Uint8Array, { table, count, write }: PreparedRead): ReadReply {
  if (!write) return judgeReadReply(pdu, table, count);
  const reply = judgeReply(pdu, write);
  return reply === 'answer' ? 'values' : reply;
}

/**
 * The client's end of one Modbus TCP link, over any byte stream. An answer counts only when transaction, unit,
 * function and length fit a request in flight; others are counted and dropped. Bytes that cannot be a frame, an end of
 * the stream and three timeouts in a row end the link: every open read rejects at once. Waiting reads are bounded by
 * the callers' plans, since a poll group is never read twice at the same time.
 */
export class ModbusClient {
  private readonly stream: Duplex;
  private readonly options: ClientOptions;
  private readonly reader = new MbapReader();
  /** By transaction id; in order of deadline, since every request has the same timeout. */
  private readonly inFlight = new Map<number, Pending>();
  private waiting: Pending[] = [];
  private waitingFrom = 0;
  /** Not given out again while a late answer could be taken for that of a newer request. */
  private readonly unanswered = new Set<number>();
  private transaction = 0;
  private timeoutsInARow = 0;
  private misfitsInARow = 0;
  private dropped = 0;
  private timer: Timer | undefined;
  private outgoing: Uint8Array[] = [];
  private ended = false;

  constructor(stream: Duplex, options: ClientOptions) {
    this.stream = stream;
    this.options = options;
    stream.on('data', (chunk: Uint8Array) => this.receive(chunk));
    stream.on('error', (cause: Error) => this.fail('CLOSED', `the connection broke (${cause.message})`, cause));
    stream.on('end', () => this.fail('CLOSED', 'the device closed the connection'));
    stream.on('close', () => this.fail('CLOSED', 'the connection closed'));
  }

  /** Answers that fitted no request (late, swapped, wrong length) since the link was opened. */
  get droppedAnswers(): number {
    return this.dropped;
  }

  /**
   * Reads into the front of `into` (registers as on the wire, bits as 0 and 1), which is untouched unless the outcome
   * is `values`. Rejects with a coded error only when the link ends.
   */
  read(read: PreparedRead, into: Uint16Array): Promise<ReadOutcome> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.error('CLOSED', 'the connection is closed'));
      this.waiting.push({ read, into, resolve, reject, deadlineMs: 0 });
      this.send();
    });
  }

  /**
   * A write, or a read that belongs to one: goes out as the next request, ahead of all that wait. A `timeout`, or a link that
   * ends, leaves open whether a write was carried out; nothing is sent twice.
   */
  urgent(request: PreparedRead, into?: Uint16Array): Promise<ReadOutcome> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.error('CLOSED', 'the connection is closed'));
      this.waiting.splice(this.waitingFrom, 0, { read: request, into, resolve, reject, deadlineMs: 0 });
      this.send();
    });
  }

  /** Ends the link; open reads reject. */
  close(): void {
    this.end(() => this.error('CLOSED', 'the connection was closed by the gateway'));
  }

  private send(): void {
    while (this.inFlight.size < this.options.maxInFlight && this.waitingFrom < this.waiting.length) {
      const pending = this.waiting[this.waitingFrom++] as Pending;
      pending.deadlineMs = this.options.clock.monotonicMs() + this.options.timeoutMs;
      do this.transaction = this.transaction === maxTransaction ? 0 : this.transaction + 1;
      while (this.inFlight.has(this.transaction) || this.unanswered.has(this.transaction));
      this.inFlight.set(this.transaction, pending);
      const frame = pending.read.frame.slice();
      frame[0] = this.transaction >>> 8;
      frame[1] = this.transaction;
      this.write(frame);
    }
    if (this.waitingFrom === this.waiting.length) {
      this.waiting = [];
      this.waitingFrom = 0;
    }
    if (!this.timer && this.inFlight.size > 0) this.watch(this.options.timeoutMs);
  }

  /** Everything sent in one turn of the event loop leaves in one write. */
  private write(frame: Uint8Array): void {
    if (this.outgoing.push(frame) > 1) return;
    process.nextTick(() => {
      const frames = this.outgoing;
      this.outgoing = [];
      if (!this.ended) this.stream.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
    });
  }

  private receive(chunk: Uint8Array): void {
    if (this.ended) return;
    try {
      for (const frame of this.reader.push(chunk)) {
        this.accept(frame);
        if (this.ended) return;
      }
    } catch (cause) {
      if (!(cause instanceof LifelineError)) throw cause;
      this.fail('FRAMING', cause.message, cause);
      return;
    }
    this.send();
  }

  private accept(frame: MbapFrame): void {
    const pending = this.inFlight.get(frame.transaction);
    const { read } = pending ?? {};
    const reply = read && frame.unit === read.unit ? judge(frame.pdu, read) : 'mismatch';
    if (!pending || reply === 'mismatch') {
      this.drop(frame);
      return;
    }
    this.inFlight.delete(frame.transaction);
    this.timeoutsInARow = 0;
    this.misfitsInARow = 0;
    if (reply === 'values') {
      const { into } = pending;
      if (into && isBitTable(pending.read.table)) copyBits(frame.pdu, pending.read.count, into);
      else if (into) copyRegisters(frame.pdu, into);
      pending.resolve(values);
    } else pending.resolve({ kind: 'exception', exception: reply.exception });
  }

  private drop(frame: MbapFrame): void {
    this.dropped++;
    this.unanswered.delete(frame.transaction);
    if (++this.misfitsInARow < maxMisfitsInARow) return;
    this.fail('FRAMING', `${maxMisfitsInARow} answers in a row fitted no request`);
  }

  /**
   * One timer a link: it sleeps until the oldest deadline it knew of, then looks again. Timers run before sockets are
   * read, so answers that came while the process stood still get one turn of the event loop before they count as missing.
   */
  private watch(delayMs: number): void {
    const { clock } = this.options;
    this.timer = clock.after(delayMs, () => {
      this.timer = clock.after(0, () => {
        this.timer = undefined;
        this.expire(clock.monotonicMs());
      });
    });
  }

  private expire(nowMs: number): void {
    for (const [transaction, pending] of this.inFlight) {
      if (pending.deadlineMs > nowMs) break;
      this.abandon(transaction);
      this.timeoutsInARow++;
      const error = this.timeoutError(pending.read);
      pending.resolve({ kind: 'timeout', error });
      if (this.timeoutsInARow >= maxTimeoutsInARow) {
        this.end(() => error);
        this.options.lost(error);
        return;
      }
    }
    this.send();
    const [oldest] = this.inFlight.values();
    if (oldest && !this.timer) this.watch(Math.max(0, oldest.deadlineMs - nowMs));
  }

  private abandon(transaction: number): void {
    this.inFlight.delete(transaction);
    this.unanswered.add(transaction);
    if (this.unanswered.size <= maxUnanswered) return;
    const [oldest] = this.unanswered;
    this.unanswered.delete(oldest as number);
  }

  private timeoutError(read: PreparedRead): LifelineError {
    const place = describePlaces(read.table, read.address, read.count);
    const misfits = this.dropped > 0 ? ` (${this.dropped} answers fitted no request and were dropped)` : '';
    return modbusErrors.create(
      'TIMEOUT',
      `${read.write ? 'write' : 'read'} ${place} of ${this.options.target}: no answer in ${this.options.timeoutMs} ms${misfits}; check cable, unit id, firewall`,
    );
  }

  private error(name: 'CLOSED' | 'FRAMING', what: string, cause?: unknown): LifelineError {
    return modbusErrors.create(name, `link to ${this.options.target}: ${what}`, cause);
  }

  private fail(name: 'CLOSED' | 'FRAMING', what: string, cause?: unknown): void {
    if (this.ended) return;
    const open = this.inFlight.size + this.waiting.length - this.waitingFrom;
    const error = this.error(name, open > 0 ? `${what} with ${open} reads open` : what, cause);
    this.end(() => error);
    this.options.lost(error);
  }

  private end(errorOf: () => LifelineError): void {
    if (this.ended) return;
    this.ended = true;
    this.timer?.cancel();
    this.stream.destroy();
    const open = [...this.inFlight.values(), ...this.waiting.slice(this.waitingFrom)];
    this.inFlight.clear();
    this.waiting = [];
    this.waitingFrom = 0;
    if (open.length === 0) return;
    const error = errorOf();
    for (const pending of open) pending.reject(error);
  }
}
