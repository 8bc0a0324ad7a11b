import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { caseStages } from '../core/order.ts';
import { both, type Text } from '../core/text.ts';
import { inboxErrors } from './errors.ts';
import { parseJson } from './json-text.ts';
import { type GateParts, OrderGate, type OrderReceipt, ofMessage, type ReadOrder } from './order-gate.ts';

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
    const refuse = (code: Parameters<typeof inboxErrors.create>[0], why: Text, id = '') => ({
      id,
      refusal: inboxErrors.create(code, ofMessage(id, sink, why)),
    });
    const tooLong = (most: number, id = '') =>
      refuse(
        'UNREADABLE',
        both(`${payload.length} bytes, more than ${most}`, `${payload.length} 字节，超过 ${most} 字节`),
        id,
      );
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
    if (addressee !== gateway) return refuse('ELSEWHERE', elsewhere(addressee, gateway), id);
    return { order: { ...order, expires: Date.parse(expires) } };
  }

  /** Why a message is not shown to come from the centre; undefined when it is. */
  private strangerBy(envelope: z.output<typeof envelopeSpec> | undefined): Text | undefined {
    const { key, trustRoad } = this.parts;
    if (key === undefined) return trustRoad ? undefined : unprovable;
    if (!envelope) return both('it is not signed', '没有签名');
    const expected = createHmac('sha256', key).update(envelope.order, 'utf8').digest();
    const isRight = timingSafeEqual(expected, Buffer.from(envelope.signature, 'hex'));
    return isRight ? undefined : both('the signature is not right', '签名不符');
  }
}

function idIn(content: unknown): string {
  const id = (content as { readonly id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id.slice(0, maxNameLength) : '';
}

const unprovable = both(
  'this sink has neither a key for orders nor trusts the road',
  '该上级平台既没有指令密钥，也未设为信任该通道',
);

export const elsewhere = (addressee: string, gateway: string): Text =>
  both(`it is for gateway ${addressee}, this is ${gateway}`, `发给网关 ${addressee}，此网关为 ${gateway}`);

/** What is wrong with a message first, and where. */
export function firstIssue({ issues: [issue] }: z.ZodError): Text {
  const path = issue?.path.map(String).join('.') ?? '';
  const en = `${path === '' ? '' : `${path}: `}${issue?.message ?? 'not an order'}`.slice(0, maxNameLength);
  return both(en, path === '' ? '不是指令' : `字段有误：${path}`);
}
