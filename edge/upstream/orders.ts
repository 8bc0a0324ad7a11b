import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import { describeError, errorWithNext, type LifelineError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type CentreOrder, caseStages, type OrderReply } from '../core/order.ts';
import type { Journal } from '../store/api.ts';
import { inboxErrors } from './errors.ts';
import { parseJson } from './json-text.ts';

/** A longer message is no order. */
const maxOrderBytes = 65_536;
/** Orders taken in and not answered; more are told to come again. */
const maxUnderWay = 64;
/** Messages that are no orders of the centre and are journaled; more in the same minute are only counted and answered. */
const maxJournaledPerMinute = 60;
const maxNameLength = 200;
const maxTextLength = 2_000;

const name = z.string().min(1).max(maxNameLength);
const head = { id: name, gateway: name, by: name, expires: z.iso.datetime({ offset: true }) };

/** What an order says, on whichever road. */
const orderSpec = z.discriminatedUnion('kind', [
  z.strictObject({ ...head, kind: z.literal('acknowledge'), alarm: name }),
  z.strictObject({ ...head, kind: z.literal('comment'), alarm: name, text: z.string().min(1).max(maxTextLength) }),
  z.strictObject({
    ...{ ...head, kind: z.literal('case-status'), alarm: name, case: name, stage: z.enum(caseStages) },
    unit: z.string().max(maxNameLength).optional(),
    note: z.string().max(maxTextLength).optional(),
  }),
  z.strictObject({ ...head, kind: z.literal('write'), tag: name, value: z.number() }),
]);

/** Kinds that are known and not carried out yet. */
const laterSpec = z.looseObject({ kind: z.enum(['shelve', 'unshelve', 'config']) });

/** An order in its envelope: the very text that was signed, and the HMAC-SHA256 (RFC 2104) of its UTF-8 bytes in hex. */
const envelopeSpec = z.strictObject({
  order: z.string().max(maxOrderBytes),
  signature: z.string().regex(/^[0-9a-f]{64}$/i),
});

/** The answer to an order, as it goes back to the centre. */
export interface OrderReceipt extends OrderReply {
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
}

export interface OrderInboxParts {
  readonly sink: string;
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Pick<Journal, 'append'>;
  heed(order: CentreOrder): Promise<OrderReply>;
  /** Secret shared with the centre; every order must be signed with it. */
  readonly key: string | undefined;
  /** Without a key: whether whoever may publish there is taken for the centre. */
  readonly trustRoad: boolean;
}

/**
 * Where orders of the centre come in from any road: read, proved to be the centre's and meant for this gateway, then handed
 * on to be decided. Everything is answered; nothing that a stranger sends can do more than that.
 */
export class OrderInbox {
  private underWay = 0;
  private minute = 0;
  private journaled = 0;
  private readonly parts: OrderInboxParts;

  constructor(parts: OrderInboxParts) {
    this.parts = parts;
  }

  /** Takes a message in; resolves with the answer. Never rejects. */
  async take(payload: Uint8Array): Promise<OrderReceipt> {
    const receivedAt = new Date(this.parts.clock.wallMs()).toISOString();
    if (this.underWay >= maxUnderWay) {
      const busy = inboxErrors.create('BUSY', `order over ${this.parts.sink}: ${maxUnderWay} wait for their answer`);
      return { id: idOf(payload), status: 'refused', reason: errorWithNext(busy), receivedAt };
    }
    this.underWay++;
    try {
      const read = this.read(payload);
      if ('order' in read) return { ...(await this.parts.heed(read.order)), receivedAt };
      await this.audit(read.id, read.refusal, payload.length);
      return { id: read.id, status: 'refused', reason: errorWithNext(read.refusal), receivedAt };
    } catch (cause) {
      const { sink, log } = this.parts;
      const error = inboxErrors.create('AUDIT', `order over ${sink}: ${describeError(cause)}`, cause);
      log.warn({ code: error.code, sink, next: error.next }, error.message);
      return { id: idOf(payload), status: 'refused', reason: errorWithNext(error), receivedAt };
    } finally {
      this.underWay--;
    }
  }

  private read(payload: Uint8Array): { readonly order: CentreOrder } | Refused {
    const { sink, gateway } = this.parts;
    const refuse = (code: Parameters<typeof inboxErrors.create>[0], why: string, id = '') => ({
      id,
      refusal: inboxErrors.create(code, `order ${id === '' ? '' : `${id} `}over ${sink}: ${why}`),
    });
    if (payload.length > maxOrderBytes) {
      return refuse('UNREADABLE', `${payload.length} bytes, more than ${maxOrderBytes}`);
    }
    const outer = parseJson(payload, maxOrderBytes);
    const envelope = envelopeSpec.safeParse(outer).data;
    const content = envelope ? parseJson(new TextEncoder().encode(envelope.order), maxOrderBytes) : outer;
    const id = idIn(content);
    const stranger = this.strangerBy(envelope);
    if (stranger) return refuse('SIGNATURE', stranger, id);
    const later = laterSpec.safeParse(content).data;
    if (later) return refuse('NOT-YET', `${later.kind} is not in this version`, id);
    const read = orderSpec.safeParse(content);
    if (!read.success) return refuse('UNREADABLE', firstIssue(read.error), id);
    const { gateway: addressee, expires, ...order } = read.data;
    if (addressee !== gateway) return refuse('ELSEWHERE', `it is for gateway ${addressee}, this is ${gateway}`, id);
    return { order: { ...order, expires: Date.parse(expires) } };
  }

  /** Why a message is not shown to come from the centre; undefined when it is. */
  private strangerBy(envelope: z.output<typeof envelopeSpec> | undefined): string | undefined {
    const { key, trustRoad } = this.parts;
    if (key === undefined)
      return trustRoad ? undefined : 'this sink has neither a key for orders nor trusts the broker';
    if (!envelope) return 'it is not signed';
    const expected = createHmac('sha256', key).update(envelope.order, 'utf8').digest();
    return timingSafeEqual(expected, Buffer.from(envelope.signature, 'hex')) ? undefined : 'the signature is not right';
  }

  /** Journals what was refused before anybody could decide on it. */
  private async audit(id: string, refusal: LifelineError, bytes: number): Promise<void> {
    const { sink, gateway, clock, log, journal } = this.parts;
    log.warn({ code: refusal.code, sink, next: refusal.next }, refusal.message);
    const minute = Math.floor(clock.monotonicMs() / 60_000);
    if (minute !== this.minute) [this.minute, this.journaled] = [minute, 0];
    if (this.journaled++ >= maxJournaledPerMinute) return;
    const data = { gateway, id, via: sink, bytes, reason: errorWithNext(refusal) };
    await journal.append([{ type: 'order.refused', time: clock.wallMs(), subject: gateway, utility: 'gateway', data }]);
  }
}

interface Refused {
  /** As far as it can be read, else empty. */
  readonly id: string;
  readonly refusal: LifelineError;
}

function idIn(content: unknown): string {
  const id = (content as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id.slice(0, maxNameLength) : '';
}

const idOf = (payload: Uint8Array): string => idIn(parseJson(payload, maxOrderBytes));

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not an order'}`.slice(0, maxNameLength);
}
