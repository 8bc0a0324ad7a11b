import type { Clock } from '../../edge/core/clock.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { both } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import { encodeMbap } from './frame.ts';
import { type LinkRequest, type LinkUser, ModbusLink } from './link.ts';
import { openLine } from './open-line.ts';
import { judgeReply } from './pdu.ts';
import type { LineEndpoint } from './place.ts';

/** How a request ended on a line that still stands. */
export type LineAnswer =
  | { readonly kind: 'answer'; readonly pdu: Uint8Array }
  | { readonly kind: 'exception'; readonly exception: number }
  | { readonly kind: 'timeout' };

export interface LineOptions {
  readonly endpoint: LineEndpoint;
  /** For messages: `10.0.0.7:502`. */
  readonly target: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Ends the line, whatever it is at. */
  readonly signal: AbortSignal;
}

/**
 * A Modbus connection for commissioning: any request to any unit, one at a time, so that the poorest serial bridge keeps
 * up. Polling goes through `ModbusClient`.
 */
export class ModbusLine implements LinkUser {
  private readonly link: ModbusLink;
  private readonly options: LineOptions;
  private waiting: LinkRequest | undefined;
  private reject: ((error: LifelineError) => void) | undefined;
  private ended: LifelineError | undefined;

  private constructor(link: ModbusLink, options: LineOptions) {
    this.link = link;
    this.options = options;
    link.join(this);
    options.signal.addEventListener('abort', this.close, { once: true });
  }

  /** Connects; rejects with `LL-MODBUS-CONNECT`. */
  static async open(options: LineOptions): Promise<ModbusLine> {
    const { endpoint, target, clock, signal } = options;
    const stream = await openLine(endpoint, target, { clock }, signal);
    const link = new ModbusLink(stream, { clock, maxInFlight: 1, numbered: endpoint.kind === 'tcp' });
    return new ModbusLine(link, options);
  }

  /** Sends a request and waits for its answer; rejects with `LL-MODBUS-CLOSED` or `-FRAMING` when the line ends. */
  ask(unit: number, request: Uint8Array): Promise<LineAnswer> {
    if (this.reject) throw new Error('a line takes one request at a time');
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      if (this.link.restMs(unit, true) > 0) return resolve({ kind: 'timeout' });
      const settle = (answer: LineAnswer) => {
        this.reject = undefined;
        resolve(answer);
      };
      this.reject = reject;
      this.waiting = {
        timeoutMs: this.options.timeoutMs,
        read: {
          unit,
          frame: encodeMbap(0, unit, request),
          judge(pdu) {
            const reply = judgeReply(pdu, request);
            return reply === 'answer' ? 'values' : reply;
          },
        },
        answered: (pdu, reply) =>
          settle(reply === 'values' ? { kind: 'answer', pdu: pdu.slice() } : { kind: 'exception', ...reply }),
        timedOut: () => settle({ kind: 'timeout' }),
        again: () => false,
      };
      this.link.send();
    });
  }

  next(): LinkRequest | undefined {
    const { waiting } = this;
    this.waiting = undefined;
    return waiting;
  }

  lost(wrap: (target: string, open: number) => LifelineError): void {
    this.end(wrap(this.options.target, this.reject ? 1 : 0));
  }

  /** Ends the line; may be called twice. */
  readonly close = (): void => {
    this.end(
      modbusErrors.create(
        'CLOSED',
        both(`link to ${this.options.target}: closed by this side`, `${this.options.target} 的连接：由本端关闭`),
      ),
    );
  };

  private end(error: LifelineError): void {
    if (this.ended) return;
    this.ended = error;
    this.options.signal.removeEventListener('abort', this.close);
    this.link.leave(this);
    this.reject?.(error);
    this.reject = undefined;
  }
}
