import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { connectTcp } from './connect.ts';
import { modbusErrors } from './errors.ts';
import { encodeMbap, type MbapFrame, MbapReader } from './frame.ts';
import { judgeReply } from './pdu.ts';
import type { TcpEndpoint } from './place.ts';

const maxTransaction = 0xffff;

/** How a request ended on a line that still stands. */
export type LineAnswer =
  | { readonly kind: 'answer'; readonly pdu: Uint8Array }
  | { readonly kind: 'exception'; readonly exception: number }
  | { readonly kind: 'timeout' };

export interface LineOptions {
  readonly endpoint: TcpEndpoint;
  /** For messages: `10.0.0.7:502`. */
  readonly target: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends the line, whatever it is at. */
  readonly signal: AbortSignal;
}

interface Pending {
  readonly transaction: number;
  readonly unit: number;
  readonly request: Uint8Array;
  readonly timer: Timer;
  resolve(answer: LineAnswer): void;
  reject(error: LifelineError): void;
}

/**
 * A Modbus TCP connection for commissioning: any request to any unit, one at a time, so that the poorest serial bridge
 * keeps up. An answer counts only when transaction, unit, function and length fit; anything else is dropped. Polling
 * goes through `ModbusClient`.
 */
export class ModbusLine {
  private readonly socket: Socket;
  private readonly options: LineOptions;
  private readonly reader = new MbapReader();
  private transaction = 0;
  private pending: Pending | undefined;
  private ended: LifelineError | undefined;

  private constructor(socket: Socket, options: LineOptions) {
    this.socket = socket;
    this.options = options;
    socket.on('data', (chunk: Uint8Array) => this.receive(chunk));
    socket.on('error', (cause: Error) => this.end('CLOSED', `the connection broke (${cause.message})`, cause));
    socket.on('close', () => this.end('CLOSED', 'the device closed the connection'));
    options.signal.addEventListener('abort', this.close, { once: true });
  }

  /** Connects; rejects with `LL-MODBUS-CONNECT`. */
  static async open(options: LineOptions): Promise<ModbusLine> {
    const { endpoint, target, clock, signal } = options;
    return new ModbusLine(await connectTcp(endpoint, target, clock, signal), options);
  }

  /** Sends a request and waits for its answer; rejects with `LL-MODBUS-CLOSED` or `-FRAMING` when the line ends. */
  ask(unit: number, request: Uint8Array): Promise<LineAnswer> {
    if (this.pending) throw new Error('a line takes one request at a time');
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.transaction = this.transaction === maxTransaction ? 0 : this.transaction + 1;
      const timer = this.options.clock.after(this.options.timeoutMs, () => this.settle({ kind: 'timeout' }));
      this.pending = { transaction: this.transaction, unit, request, timer, resolve, reject };
      this.socket.write(encodeMbap(this.transaction, unit, request));
    });
  }

  /** Ends the line; may be called twice. */
  readonly close = (): void => this.end('CLOSED', 'closed by this side');

  private receive(chunk: Uint8Array): void {
    try {
      for (const frame of this.reader.push(chunk)) this.accept(frame);
    } catch (cause) {
      if (!(cause instanceof LifelineError)) throw cause;
      this.end('FRAMING', cause.message, cause);
    }
  }

  private accept({ transaction, unit, pdu }: MbapFrame): void {
    const { pending } = this;
    if (!pending || transaction !== pending.transaction || unit !== pending.unit) return;
    const reply = judgeReply(pdu, pending.request);
    if (reply === 'answer') this.settle({ kind: 'answer', pdu: pdu.slice() });
    else if (reply !== 'mismatch') this.settle({ kind: 'exception', exception: reply.exception });
  }

  private settle(answer: LineAnswer): void {
    const { pending } = this;
    this.pending = undefined;
    pending?.timer.cancel();
    pending?.resolve(answer);
  }

  private end(name: 'CLOSED' | 'FRAMING', what: string, cause?: unknown): void {
    if (this.ended) return;
    this.ended = modbusErrors.create(name, `line to ${this.options.target}: ${what}`, cause);
    this.options.signal.removeEventListener('abort', this.close);
    this.socket.destroy();
    const { pending } = this;
    this.pending = undefined;
    pending?.timer.cancel();
    pending?.reject(this.ended);
  }
}
