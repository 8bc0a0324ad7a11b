import { Duplex } from 'node:stream';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';

/** What a recording tells of the wire of one device: messages as they stood on it, and where the connection broke. */
export type WireMoment =
  | { readonly at: number; readonly kind: 'sent' | 'received'; readonly bytes: Uint8Array }
  | { readonly at: number; readonly kind: 'broken' };

/** One request and all that came after it, before the next one. */
interface Exchange {
  readonly at: number;
  readonly transaction: number;
  readonly answers: { readonly afterMs: number; readonly bytes: Uint8Array }[];
  breaksAfterMs: number | undefined;
}

export interface RecordedPlcOptions {
  readonly clock: Clock;
  /** Whether the wire carries Modbus TCP, whose messages have numbers; RTU frames otherwise. */
  readonly numbered: boolean;
  /** Begins again with the first answer to a request when its last one was given; silent from then on otherwise. */
  readonly again: boolean;
  /** A request came that the recording does not hold (any more). */
  onUnknown?(request: Uint8Array): void;
}

const transactionOf = (bytes: Uint8Array) => ((bytes[0] as number) << 8) | (bytes[1] as number);

/**
 * A PLC made from the frames that were recorded of another: it answers each request as that one answered the same request,
 * in order, byte for byte and after the same time; it is silent, late, wrong or gone where that one was.
 */
export class RecordedPlc {
  private readonly options: RecordedPlcOptions;
  private readonly exchanges = new Map<string, { readonly list: Exchange[]; next: number }>();

  constructor(moments: Iterable<WireMoment>, options: RecordedPlcOptions) {
    this.options = options;
    const numbered = new Map<number, Exchange>();
    let last: Exchange | undefined;
    for (const moment of moments) {
      if (moment.kind === 'sent') {
        last = { at: moment.at, transaction: transactionOf(moment.bytes), answers: [], breaksAfterMs: undefined };
        numbered.set(last.transaction, last);
        this.add(moment.bytes, last);
      } else if (moment.kind === 'broken') {
        if (last) last.breaksAfterMs = moment.at - last.at;
      } else {
        // an answer whose number nobody asked under came in place of another, or besides
        const asked = options.numbered ? (numbered.get(transactionOf(moment.bytes)) ?? last) : last;
        asked?.answers.push({ afterMs: moment.at - asked.at, bytes: moment.bytes });
      }
    }
  }

  /** A new connection to this PLC; what was answered on earlier ones stays answered. */
  connect(): Duplex {
    const { clock, numbered } = this.options;
    const reader = new MbapReader();
    const line: Duplex = new Duplex({
      read: () => undefined,
      write: (chunk: Uint8Array, _encoding, done) => {
        try {
          const requests = numbered
            ? reader.push(chunk).map(({ transaction, unit, pdu }) => encodeMbap(transaction, unit, pdu))
            : [chunk];
          for (const request of requests) this.answer(request, line, clock);
          done();
        } catch (error) {
          if (!(error instanceof LifelineError)) throw error;
          done(error);
        }
      },
    });
    return line;
  }

  private add(request: Uint8Array, exchange: Exchange): void {
    const key = this.keyOf(request);
    const known = this.exchanges.get(key);
    if (known) known.list.push(exchange);
    else this.exchanges.set(key, { list: [exchange], next: 0 });
  }

  /** A request without its number. */
  private keyOf(request: Uint8Array): string {
    return Buffer.from(request.subarray(this.options.numbered ? 2 : 0)).toString('hex');
  }

  private take(request: Uint8Array): Exchange | undefined {
    const known = this.exchanges.get(this.keyOf(request));
    if (!known) return undefined;
    if (known.next === known.list.length && this.options.again) known.next = 0;
    return known.list[known.next++];
  }

  private answer(request: Uint8Array, line: Duplex, clock: Clock): void {
    const exchange = this.take(request);
    if (!exchange) {
      this.options.onUnknown?.(request);
      return;
    }
    const shift = transactionOf(request) - exchange.transaction;
    for (const { afterMs, bytes } of exchange.answers) {
      const answer = this.options.numbered ? renumbered(bytes, shift) : bytes;
      clock.after(afterMs, () => line.destroyed || line.push(answer));
    }
    if (exchange.breaksAfterMs !== undefined) clock.after(exchange.breaksAfterMs, () => line.destroy());
  }
}

/** An answer under the number of today's request; one that was wrong by some stays wrong by as much. */
function renumbered(bytes: Uint8Array, shift: number): Uint8Array {
  const answer = bytes.slice();
  const transaction = (transactionOf(bytes) + shift) & 0xffff;
  answer[0] = transaction >>> 8;
  answer[1] = transaction;
  return answer;
}
