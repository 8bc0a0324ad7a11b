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
    return this.codeTries.shut(this.nowMs);
  }

  async heed(order: CentreOrder, road: OrderRoad): Promise<OrderReply> {
    const { id } = order;
    const before = this.answers.get(id);
    if (before) {
      const reply = await before;
      return reply.status === 'accepted' ? { ...reply, status: 'duplicate' } : reply;
    }
    const refusal = this.refusalOf(order, road);
    if (refusal) return this.refuse(order, road, refusal);
    if (order.kind === 'reply') {
      const tried = this.codeTries.take(senderOf(order, road), this.nowMs);
      if (tried !== 'counted') return this.refuse(order, road, tooMany(order, road), tried === 'shut');
    }
    const answer = this.decide(order, road);
    this.keep(id, answer);
    return answer;
  }

  /**
   * Journals how many tries of senders who guessed were refused beyond the first, once something is taken of them again.
   * @param nowMs monotonic; all of them when it is infinite
   */
  async tellRefused(nowMs = this.nowMs): Promise<void> {
    const { gateway, clock, record } = this.parts;
    for (const { sender, refused } of this.codeTries.opened(nowMs)) {
      const reason = errorWithNext(
        orderErrors.create('TRIES', `${refused} more codes of ${sender} were not looked at`),
      );
      const data = { kind: 'reply', sender, count: refused, reason };
      await record({ type: 'order.refused', time: clock.wallMs(), subject: gateway, utility: 'gateway', data });
    }
  }

  private get nowMs(): number {
    return this.parts.clock.monotonicMs();
  }

  private async refuse(order: CentreOrder, road: OrderRoad, why: LifelineError, isNews = true): Promise<OrderReply> {
    const reason = errorWithNext(why);
    if (isNews) await this.note('order.refused', order, road, reason);
    return { id: order.id, status: 'refused', reason };
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
    const refuse = (code: 'FORBIDDEN' | 'EXPIRED' | 'MALFORMED', why: string) =>
      orderErrors.create(code, `order ${id.slice(0, maxTextLength)} over ${sink}: ${why}`);
    if (!allowed.includes(kind)) return refuse('FORBIDDEN', `${kind} is not among the orders of this sink`);
    const named = [id, by].every((text) => text !== '' && text.length <= maxTextLength);
    if (!named) return refuse('MALFORMED', `id and by must have 1–${maxTextLength} characters`);
    const leftMs = expires - this.parts.clock.wallMs();
    if (!(leftMs > 0)) return refuse('EXPIRED', `it expired ${Math.round(-leftMs / 1000)} s ago`);
    return leftMs > maxLifetimeMs ? refuse('EXPIRED', 'it is valid for more than a day') : undefined;
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

type CodeReply = Extract<CentreOrder, { kind: 'reply' }>;

const tooMany = ({ id, from }: CodeReply, { sink }: OrderRoad): LifelineError =>
  orderErrors.create('TRIES', `order ${id} over ${sink}: too many codes of ${from ?? 'this road'} stood for nothing`);

/** Who is counted as trying codes: a sender on a road, or the road where it names none. */
const senderOf = ({ from = '' }: CodeReply, { sink }: OrderRoad): string =>
  `${sink} ${from.toLowerCase().replace(/[\s-]/g, '')}`.trimEnd();
