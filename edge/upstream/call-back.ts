import type { LifelineError } from '../core/errors.ts';
import type { OrderContent } from '../core/order.ts';
import { both, type Text } from '../core/text.ts';
import { callBackErrors, ofCallBack } from './errors.ts';
import { jsonOf } from './json-text.ts';
import { type GateParts, OrderGate, type OrderReceipt, type ReadOrder } from './order-gate.ts';
import { isSigned, signatureToleranceS } from './signature.ts';

const maxIdLength = 128;
/** A longer body is no report; an offer of a configuration has more to say. */
const maxReportBytes = 16_384;
/** Of the signature, as the id of a request that has none. */
const idDigits = 32;

/** A request that a platform posts to the gateway, as it came. */
export interface PostedRequest {
  /** `Lifeline-Timestamp`, seconds since the Unix epoch; empty where there is none. */
  readonly timestamp: string;
  /** `Lifeline-Signature`; empty where there is none. */
  readonly signature: string;
  readonly body: Uint8Array;
}

/** What a body asks for. */
export interface CallBackContent {
  /** The same for the same request however often it comes; undefined where the sender has none. */
  readonly id: string | undefined;
  /** Who asks, as the sender names people. */
  readonly by: string;
  readonly order: OrderContent;
  /** ms since epoch after which it does not count any more; as long as the signature does where it is left out. */
  readonly expires?: number;
}

export interface CallBackParts extends GateParts {
  /** Shared with the platform; signs every request. */
  readonly secret: string;
  /** What a body, JSON of any kind, asks for; or why it asks for nothing. */
  read(body: unknown): CallBackContent | LifelineError;
}

/** What is signed beside the time: so that a request of the gateway's own, sent back to it, is none of the platform's. */
export const callBackText = (body: string): string => `call-back.${body}`;

/** Where a platform reports back to a sink: each request signed, in time, carried out once, answered and audited as an order. */
export class CallBacks {
  private readonly gate: OrderGate;
  /** Before the ids of requests in the journal: each platform counts its own. */
  private readonly idPrefix: string;
  private readonly parts: CallBackParts;

  constructor(parts: CallBackParts) {
    this.parts = parts;
    this.gate = new OrderGate(parts);
    this.idPrefix = `${parts.sink}/`;
  }

  /** Never rejects. */
  async take(request: PostedRequest): Promise<OrderReceipt> {
    const receipt = await this.gate.pass(this.read(request), request.body.length);
    return { ...receipt, id: receipt.id.slice(this.idPrefix.length) };
  }

  private read({ timestamp, signature, body }: PostedRequest): ReadOrder {
    const { sink, secret, clock } = this.parts;
    const refuse = (code: 'UNREADABLE' | 'SIGNATURE', id: string, why: Text) => ({
      id,
      refusal: callBackErrors.create(code, ofCallBack(sink, why)),
    });
    const text = textOf(body);
    if (text === undefined) {
      return refuse('UNREADABLE', '', both('the body is not UTF-8', '内容不是 UTF-8'));
    }
    if (!isSigned(secret, { timestamp, signature, body: callBackText(text) }, clock.wallMs())) {
      const unsigned = both('it is not signed', '没有签名');
      const why = signature === '' ? unsigned : both('signature or time is not right', '签名或时间不符');
      return refuse('SIGNATURE', '', why);
    }
    const content = this.parts.read(jsonOf(text));
    if (content instanceof Error) return { id: '', refusal: content };
    const id = content.id ?? signature.slice(-idDigits);
    if (id.length > maxIdLength) {
      const en = `an id of ${id.length} characters, more than ${maxIdLength}`;
      return refuse('UNREADABLE', '', both(en, `编号有 ${id.length} 个字符，超过 ${maxIdLength} 个`));
    }
    if (content.order.kind !== 'config' && body.length > maxReportBytes) {
      const en = `${body.length} bytes, more than ${maxReportBytes}`;
      return refuse('UNREADABLE', id, both(en, `${body.length} 字节，超过 ${maxReportBytes} 字节`));
    }
    const expires = content.expires ?? (Number(timestamp) + signatureToleranceS) * 1000;
    return { order: { ...content.order, id: `${this.idPrefix}${id}`, by: content.by, expires } };
  }
}

function textOf(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}
