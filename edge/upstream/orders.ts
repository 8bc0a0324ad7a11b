import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { caseStages } from '../core/order.ts';
import { inboxErrors } from './errors.ts';
import { parseJson } from './json-text.ts';
import { type GateParts, OrderGate, type OrderReceipt, type ReadOrder } from './order-gate.ts';

/** A longer message is no order. */
const maxOrderBytes = 65_536;
const maxNameLength = 200;
const maxTextLength = 2_000;

const name = z.string().min(1).max(maxNameLength);
const head = { id: name, gateway: name, by: name, expires: z.iso.datetime({ offset: true }) };

/** What an order says, on whichever road. */
const orderSpec = z.discriminatedUnion('kind', [
  z.strictObject({
    ...head,
    kind: z.literal('acknowledge'),
    alarm: name,
    note: z.string().max(maxTextLength).optional(),
  }),
  z.strictObject({ ...head, kind: z.literal('reset'), alarm: name }),
  z.strictObject({
    ...{ ...head, kind: z.literal('shelve'), alarm: name, reason: name, minutes: z.number().positive() },
    once: z.boolean().optional(),
  }),
  z.strictObject({ ...head, kind: z.literal('unshelve'), alarm: name }),
  z.strictObject({ ...head, kind: z.literal('comment'), alarm: name, text: z.string().min(1).max(maxTextLength) }),
  z.strictObject({
    ...{ ...head, kind: z.literal('case-status'), alarm: name, case: name, stage: z.enum(caseStages) },
    unit: z.string().max(maxNameLength).optional(),
    note: z.string().max(maxTextLength).optional(),
  }),
  z.strictObject({ ...head, kind: z.literal('reply'), code: name, from: name.optional() }),
  z.strictObject({ ...head, kind: z.literal('write'), tag: name, value: z.number() }),
]);

/** Kinds that are known and not carried out yet. */
const laterSpec = z.looseObject({ kind: z.literal('config') });

/** An order in its envelope: the very text that was signed, and the HMAC-SHA256 (RFC 2104) of its UTF-8 bytes in hex. */
const envelopeSpec = z.strictObject({
  order: z.string().max(maxOrderBytes),
  signature: z.string().regex(/^[0-9a-f]{64}$/i),
});

export interface OrderInboxParts extends GateParts {
  /** Secret shared with the centre; every order must be signed with it. */
  readonly key: string | undefined;
  /** Without a key: whether whoever may publish there is taken for the centre. */
  readonly trustRoad: boolean;
}

/** Where signed orders come in over a road of messages: read, and proved to be the centre's and meant for this gateway. */
export class OrderInbox {
  private readonly gate: OrderGate;
  private readonly parts: OrderInboxParts;

  constructor(parts: OrderInboxParts) {
    this.parts = parts;
    this.gate = new OrderGate(parts);
  }

  /** Takes a message in; resolves with the answer. Never rejects. */
  take(payload: Uint8Array): Promise<OrderReceipt> {
    return this.gate.pass(this.read(payload), payload.length);
  }

  private read(payload: Uint8Array): ReadOrder {
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
    if (key === undefined) return trustRoad ? undefined : 'this sink has neither a key for orders nor trusts the road';
    if (!envelope) return 'it is not signed';
    const expected = createHmac('sha256', key).update(envelope.order, 'utf8').digest();
    return timingSafeEqual(expected, Buffer.from(envelope.signature, 'hex')) ? undefined : 'the signature is not right';
  }
}

function idIn(content: unknown): string {
  const id = (content as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id.slice(0, maxNameLength) : '';
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not an order'}`.slice(0, maxNameLength);
}
