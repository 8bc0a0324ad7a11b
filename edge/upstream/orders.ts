import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { caseStages } from '../core/order.ts';
import { inboxErrors } from './errors.ts';
import { parseJson } from './json-text.ts';
import { type GateParts, OrderGate, type OrderReceipt, type ReadOrder } from './order-gate.ts';

/** A longer message is no order; an offer of a configuration has more to say. */
const maxOrderBytes = 65_536;
const maxOfferBytes = 1_000_000;
const maxNameLength = 200;
const maxTextLength = 2_000;

const name = z.string().min(1).max(maxNameLength);
const head = { id: name, gateway: name, by: name, expires: z.iso.datetime({ offset: true }) };

/** What an offer of a configuration says, on whichever road; the rows of its tables are as the console has them. */
export const offerBody = {
  ...head,
  kind: z.literal('config'),
  reason: name,
  base: z.string().max(maxNameLength).optional(),
  yaml: z.string().max(maxOfferBytes).optional(),
  tables: z
    .array(z.strictObject({ path: name, cells: z.array(z.array(z.string().max(maxTextLength)).max(256)) }))
    .max(1_000)
    .optional(),
};

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
  z.strictObject(offerBody),
]);

/** An order in its envelope: the very text that was signed, and the HMAC-SHA256 (RFC 2104) of its UTF-8 bytes in hex. */
const envelopeSpec = z.strictObject({
  order: z.string().max(maxOfferBytes),
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
    const tooLong = (most: number, id = '') => refuse('UNREADABLE', `${payload.length} bytes, more than ${most}`, id);
    if (payload.length > maxOfferBytes) return tooLong(maxOfferBytes);
    const outer = parseJson(payload, maxOfferBytes);
    const envelope = envelopeSpec.safeParse(outer).data;
    const content = envelope ? parseJson(new TextEncoder().encode(envelope.order), maxOfferBytes) : outer;
    const id = idIn(content);
    const stranger = this.strangerBy(envelope);
    if (stranger) return refuse('SIGNATURE', stranger, id);
    const read = orderSpec.safeParse(content);
    if (!read.success) return refuse('UNREADABLE', firstIssue(read.error), id);
    const { gateway: addressee, expires, ...order } = read.data;
    if (order.kind !== 'config' && payload.length > maxOrderBytes) return tooLong(maxOrderBytes, id);
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

/** What is wrong with a message first, and where. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not an order'}`.slice(0, maxNameLength);
}
