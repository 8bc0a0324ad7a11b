import type { Clock } from '../core/clock.ts';
import { errorWithNext, type LifelineError } from '../core/errors.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { CentreOrder, OrderKind, OrderReply } from '../core/order.ts';
import { CodeTries } from './code-tries.ts';
import { orderErrors } from './errors.ts';

/** An order that is valid for longer would be carried out in another situation than it was given for. */
const maxLifetimeMs = 86_400_000;
/** Ids of orders kept; beyond it the oldest are forgotten. */
const maxRemembered = 20_000;
/** Ids and names longer than this are nobody's. */
const maxTextLength = 200;

export interface CentreDeskParts {
  readonly gateway: string;
  readonly clock: Clock;
  /** Resolves once the event is on disk. */
  record(event: NewEvent): Promise<unknown>;
  /** Carries out what is allowed; resolves with the reason when it could not be done. */
  carryOut(order: CentreOrder, by: string): Promise<LifelineError | undefined>;
}

/** Which road an order came over, and what the configuration lets that road ask for. */
export interface OrderRoad {
  readonly sink: string;
  readonly allowed: readonly OrderKind[];
}

/**
 * Where orders of the centre are decided: allowed over this road, in time, not here before. Each is on disk, accepted or
 * refused, before it is answered; the same id is never carried out twice, over a restart too.
 */
export class CentreDesk {
  /** Every id that was accepted, and its answer as far as it is known. */
  private readonly answers = new Map<string, Promise<OrderReply>>();
  private readonly codeTries = new CodeTries();
  private readonly parts: CentreDeskParts;

  constructor(parts: CentreDeskParts) {
    this.parts = parts;
  }

  /** Takes in a journaled event after a restart. */
  restore(event: Event): void {
    const { id, reason } = event.data as { id?: string; reason?: string };
    if (id === undefined) return;
    if (event.type === 'order.accepted') this.keep(id, Promise.resolve({ id, status: 'accepted', reason: '' }));
    if (event.type === 'order.failed') this.keep(id, Promise.resolve({ id, status: 'refused', reason: reason ?? '' }));
  }

  /** Roads and senders whose codes are refused now, because they sent too many that stand for nothing. */
  guessing(): readonly string[] {
    return this.codeTries.shut(this.parts.clock.monotonicMs());
  }

  async heed(order: CentreOrder, road: OrderRoad): Promise<OrderReply> {
    const { id } = order;
    const before = this.answers.get(id);
    if (before) {
      const reply = await before;
      return reply.status === 'accepted' ? { ...reply, status: 'duplicate' } : reply;
    }
    const refusal = this.refusalOf(order, road);
    if (refusal) {
      await this.note('order.refused', order, road, errorWithNext(refusal));
      return { id, status: 'refused', reason: errorWithNext(refusal) };
    }
    const answer = this.decide(order, road);
    this.keep(id, answer);
    return answer;
  }

  private async decide(order: CentreOrder, road: OrderRoad): Promise<OrderReply> {
    const { id, by } = order;
    await this.note('order.accepted', order, road);
    const failure = await this.parts.carryOut(order, `${by} (${road.sink})`);
    if (order.kind === 'reply' && failure?.code !== 'LL-ORDER-CODE') this.codeTries.right(senderOf(order, road));
    if (!failure) return { id, status: 'accepted', reason: '' };
    await this.note('order.failed', order, road, errorWithNext(failure));
    return { id, status: 'refused', reason: errorWithNext(failure) };
  }

  private refusalOf(order: CentreOrder, road: OrderRoad): LifelineError | undefined {
    const { id, by, kind, expires } = order;
    const { sink, allowed } = road;
    const refuse = (code: 'FORBIDDEN' | 'EXPIRED' | 'MALFORMED' | 'TRIES', why: string) =>
      orderErrors.create(code, `order ${id.slice(0, maxTextLength)} over ${sink}: ${why}`);
    if (!allowed.includes(kind)) return refuse('FORBIDDEN', `${kind} is not among the orders of this sink`);
    const named = [id, by].every((text) => text !== '' && text.length <= maxTextLength);
    if (!named) return refuse('MALFORMED', `id and by must have 1–${maxTextLength} characters`);
    const leftMs = expires - this.parts.clock.wallMs();
    if (!(leftMs > 0)) return refuse('EXPIRED', `it expired ${Math.round(-leftMs / 1000)} s ago`);
    if (leftMs > maxLifetimeMs) return refuse('EXPIRED', 'it is valid for more than a day');
    if (order.kind !== 'reply') return undefined;
    const allowedTry = this.codeTries.allow(senderOf(order, road), this.parts.clock.monotonicMs());
    return allowedTry ? undefined : refuse('TRIES', `too many codes of ${order.from ?? 'this road'} stood for nothing`);
  }

  private keep(id: string, answer: Promise<OrderReply>): void {
    this.answers.delete(id);
    this.answers.set(id, answer);
    if (this.answers.size <= maxRemembered) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }

  private async note(
    type: 'order.accepted' | 'order.refused' | 'order.failed',
    order: CentreOrder,
    { sink }: OrderRoad,
    reason = '',
  ): Promise<void> {
    const { gateway, clock, record } = this.parts;
    const data = { ...order, via: sink, ...(reason === '' ? {} : { reason }) };
    await record({ type, time: clock.wallMs(), subject: gateway, utility: 'gateway', data });
  }
}

/** Who is counted as trying codes: a sender on a road, or the road where it names none. */
const senderOf = ({ from = '' }: Extract<CentreOrder, { kind: 'reply' }>, { sink }: OrderRoad): string =>
  `${sink} ${from.toLowerCase().replace(/[\s-]/g, '')}`.trimEnd();
