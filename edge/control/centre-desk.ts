import type { Clock } from '../core/clock.ts';
import type { ConfigurationProblem } from '../core/configuration-problem.ts';
import { errorWithNext, type LifelineError, problemOf } from '../core/errors.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { CentreOrder, ConfigurationOrder, OrderKind, OrderReply } from '../core/order.ts';
import { both, type Text } from '../core/text.ts';
import { CodeTries } from './code-tries.ts';
import { orderErrors } from './errors.ts';

/** An order that is valid for longer would be carried out in another situation than it was given for. */
const maxLifetimeDays = 1;
/** An offer waits for a person. */
const maxOfferDays = 30;
const dayMs = 86_400_000;
/** Ids of orders kept; beyond it the oldest are forgotten. */
const maxRemembered = 20_000;
/** Ids and names longer than this are nobody's. */
const maxTextLength = 200;

export interface CentreDeskParts {
  readonly gateway: string;
  readonly clock: Clock;
  /** Resolves once the event is on disk. */
  record(event: NewEvent): Promise<unknown>;
  /** Resolves once `restore` has heard of everything before a restart, as it has when left out. */
  recalled?(): Promise<void>;
  /** Carries out what is allowed; resolves with the reason when it could not be done. */
  carryOut(order: PlainOrder, by: string): Promise<LifelineError | undefined>;
  /** Takes an offer in; resolves once it is on disk and `offer.received` tells it, or with what is wrong with it. */
  takeOffer(offer: ConfigurationOrder, sink: string): Promise<UnfitOffer | undefined>;
}

/** An order that is carried out at once. */
export type PlainOrder = Exclude<CentreOrder, ConfigurationOrder>;

/** Why an offer was not taken. */
export interface UnfitOffer {
  readonly error: LifelineError;
  /** The first mistakes of the configuration, where it has some. */
  readonly problems: readonly ConfigurationProblem[];
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
    const { id, kind, reason } = event.data as { id?: string; kind?: OrderKind; reason?: string };
    if (id === undefined) return;
    // an offer that is not known to be kept is taken when it comes again
    const isDone = event.type === 'order.accepted' ? kind !== 'config' : event.type === 'offer.received';
    if (isDone) this.keep(id, Promise.resolve({ id, status: 'accepted', reason: '' }));
    if (event.type === 'order.failed') this.keep(id, Promise.resolve({ id, status: 'refused', reason: reason ?? '' }));
  }

  /** Roads and senders whose codes are refused now, because they sent too many that stand for nothing. */
  guessing(): readonly string[] {
    return this.codeTries.shut(this.nowMs);
  }

  async heed(order: CentreOrder, road: OrderRoad): Promise<OrderReply> {
    await this.parts.recalled?.();
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
        orderErrors.create(
          'TRIES',
          both(
            `${refused} more codes of ${sender} were not looked at`,
            `另有 ${refused} 个来自 ${sender} 的代码未予查看`,
          ),
        ),
      );
      const data = { kind: 'reply', sender, count: refused, reason };
      await record({ type: 'order.refused', time: clock.wallMs(), subject: gateway, utility: 'gateway', data });
    }
  }

  private get nowMs(): number {
    return this.parts.clock.monotonicMs();
  }

  private async refuse(order: CentreOrder, road: OrderRoad, why: LifelineError, isNews = true): Promise<OrderReply> {
    if (isNews) await this.note('order.refused', order, road, why);
    return { id: order.id, status: 'refused', reason: errorWithNext(why) };
  }

  private async decide(order: CentreOrder, road: OrderRoad): Promise<OrderReply> {
    const { id } = order;
    const failure = await this.take(order, road).catch((cause: unknown) => {
      this.answers.delete(id); // the disk refused it before it was done: it may come again
      throw cause;
    });
    if (!failure) return { id, status: 'accepted', reason: '' };
    const [reason, { problems }] = [errorWithNext(failure.error), failure];
    const reply: OrderReply = { id, status: 'refused', reason, ...(problems.length > 0 ? { problems } : {}) };
    this.keep(id, Promise.resolve(reply)); // whether or not the disk takes it: it was tried
    await this.note('order.failed', order, road, failure.error);
    return reply;
  }

  private async take(order: CentreOrder, road: OrderRoad): Promise<UnfitOffer | undefined> {
    await this.note('order.accepted', order, road);
    return order.kind === 'config' ? this.parts.takeOffer(order, road.sink) : this.carryOut(order, road);
  }

  private async carryOut(order: PlainOrder, road: OrderRoad): Promise<UnfitOffer | undefined> {
    const error = await this.parts.carryOut(order, `${order.by} (${road.sink})`);
    if (order.kind === 'reply' && error?.code !== 'LL-ORDER-CODE') this.codeTries.right(senderOf(order, road));
    return error && { error, problems: [] };
  }

  private refusalOf(order: CentreOrder, road: OrderRoad): LifelineError | undefined {
    const { id, by, kind, expires } = order;
    const { sink, allowed } = road;
    const refuse = (code: 'FORBIDDEN' | 'EXPIRED' | 'MALFORMED', en: string, zh: string) =>
      orderErrors.create(code, ofOrder(id.slice(0, maxTextLength), sink, both(en, zh)));
    if (!allowed.includes(kind))
      return refuse('FORBIDDEN', `${kind} is not among the orders of this sink`, `该上级平台的 orders 中没有 ${kind}`);
    const named = [id, by].every((text) => text !== '' && text.length <= maxTextLength);
    if (!named)
      return refuse(
        'MALFORMED',
        `id and by must have 1–${maxTextLength} characters`,
        `编号和下达人须为 1–${maxTextLength} 个字符`,
      );
    const leftMs = expires - this.parts.clock.wallMs();
    const agoS = Math.round(-leftMs / 1000);
    if (!(leftMs > 0)) return refuse('EXPIRED', `it expired ${agoS} s ago`, `已于 ${agoS} 秒前过期`);
    const days = kind === 'config' ? maxOfferDays : maxLifetimeDays;
    if (leftMs <= days * dayMs) return undefined;
    return refuse('EXPIRED', `it is valid for more than ${days} d`, `有效期超过 ${days} 天`);
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
    why?: LifelineError,
  ): Promise<void> {
    const { gateway, clock, record } = this.parts;
    const refused = why ? { reason: errorWithNext(why), problem: problemOf(why) } : {};
    const data = { ...shown(order), via: sink, ...refused };
    await record({ type, time: clock.wallMs(), subject: gateway, utility: 'gateway', data });
  }
}

/** What is journaled of an order: of an offer not what it says, which may hold secrets. */
function shown(order: CentreOrder): Readonly<Record<string, unknown>> {
  if (order.kind !== 'config') return { ...order };
  const { yaml, tables = [], reason: offered, ...rest } = order;
  return { ...rest, offered, files: [...(yaml === undefined ? [] : ['yaml']), ...tables.map(({ path }) => path)] };
}

type CodeReply = Extract<CentreOrder, { kind: 'reply' }>;

const tooMany = ({ id, from }: CodeReply, { sink }: OrderRoad): LifelineError =>
  orderErrors.create(
    'TRIES',
    ofOrder(
      id,
      sink,
      both(`too many codes of ${from ?? 'this road'} stood for nothing`, `${from ?? '该通道'} 的无效代码过多`),
    ),
  );

const ofOrder = (id: string, sink: string, { en, zh }: Text): Text =>
  both(`order ${id} over ${sink}: ${en}`, `${sink} 送来的指令 ${id}：${zh}`);

/** Who is counted as trying codes: a sender on a road, or the road where it names none. */
const senderOf = ({ from = '' }: CodeReply, { sink }: OrderRoad): string =>
  `${sink} ${from.toLowerCase().replace(/[\s-]/g, '')}`.trimEnd();
