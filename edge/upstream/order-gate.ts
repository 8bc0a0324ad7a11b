import type { Clock } from '../core/clock.ts';
import { errorWithin, errorWithNext, type LifelineError, problemOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { CentreOrder, OrderReply } from '../core/order.ts';
import { both, type Text } from '../core/text.ts';
import type { Journal } from '../store/api.ts';
import { inboxErrors } from './errors.ts';

/** Orders taken in and not answered; more are told to come again. */
const maxUnderWay = 64;
/** Messages that are no orders of the centre and are journaled; more in the same minute are only counted and answered. */
const maxJournaledPerMinute = 60;

/**
 * What is wrong with a message that came over a sink.
 * @param id as far as it can be read, else empty
 */
export const ofMessage = (id: string, sink: string, { en, zh }: Text): Text =>
  both(
    `order ${id === '' ? '' : `${id} `}over ${sink}: ${en}`,
    `${sink} 送来的指令${id === '' ? '' : ` ${id}`}：${zh}`,
  );

/** What a message came to: an order of the centre, or why it is none. */
export type ReadOrder =
  | { readonly order: CentreOrder }
  | {
      /** As far as it can be read, else empty. */
      readonly id: string;
      readonly refusal: LifelineError;
    };

/** The answer to an order, as it goes back to the centre. */
export interface OrderReceipt extends OrderReply {
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

export interface GateParts {
  readonly sink: string;
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Pick<Journal, 'append'>;
  heed(order: CentreOrder): Promise<OrderReply>;
}

/**
 * Where orders of the centre come in from any road, once read: handed on to be decided, or journaled as refused. Everything is
 * answered; nothing that a stranger sends can do more than that.
 */
export class OrderGate {
  private underWay = 0;
  private minute = 0;
  private journaled = 0;
  private readonly parts: GateParts;

  constructor(parts: GateParts) {
    this.parts = parts;
  }

  /**
   * Resolves with the answer; never rejects.
   * @param bytes length of the message
   */
  async pass(read: ReadOrder, bytes: number): Promise<OrderReceipt> {
    const { sink, clock, log, heed } = this.parts;
    const receivedAt = new Date(clock.wallMs()).toISOString();
    const { id } = 'order' in read ? read.order : read;
    const refused = (why: LifelineError) =>
      ({ id, status: 'refused', reason: errorWithNext(why), receivedAt }) as const;
    if (this.underWay >= maxUnderWay) {
      const why = both(`${maxUnderWay} wait for their answer`, `已有 ${maxUnderWay} 条等待答复`);
      return refused(inboxErrors.create('BUSY', ofMessage('', sink, why)));
    }
    this.underWay++;
    try {
      if ('order' in read) return { ...(await heed(read.order)), receivedAt };
      await this.audit(id, read.refusal, bytes);
      return refused(read.refusal);
    } catch (cause) {
      const error = inboxErrors.create('AUDIT', ofMessage('', sink, errorWithin(cause)), cause);
      log.warn({ code: error.code, sink, next: error.next }, error.message);
      return refused(error);
    } finally {
      this.underWay--;
    }
  }

  /** Journals what was refused before anybody could decide on it. */
  private async audit(id: string, refusal: LifelineError, bytes: number): Promise<void> {
    const { sink, gateway, clock, log, journal } = this.parts;
    log.warn({ code: refusal.code, sink, next: refusal.next }, refusal.message);
    const minute = Math.floor(clock.monotonicMs() / 60_000);
    if (minute !== this.minute) [this.minute, this.journaled] = [minute, 0];
    if (this.journaled++ >= maxJournaledPerMinute) return;
    const data = { gateway, id, via: sink, bytes, reason: errorWithNext(refusal), problem: problemOf(refusal) };
    await journal.append([{ type: 'order.refused', time: clock.wallMs(), subject: gateway, utility: 'gateway', data }]);
  }
}
