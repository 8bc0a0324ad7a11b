import { z } from 'zod';
import { delay } from '../core/clock.ts';
import { describeError, type LifelineError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import { asText, both } from '../core/text.ts';
import { eventId } from './cloudevents.ts';
import { receiptErrors } from './errors.ts';
import { parseJson } from './json-text.ts';
import { noteRefusal, type RefusalParts } from './refusal.ts';

/** A receipt is a few fields; a longer message is none. */
const maxReceiptBytes = 8_192;
const maxReasonLength = 1_000;

/** What the receiver says of one event. `duplicate`: it had it before, which is as good as accepted. */
const receiptSpec = z.object({
  id: z.string().min(1).max(512),
  status: z.enum(['accepted', 'duplicate', 'refused']),
  reason: z.string().max(maxReasonLength).default(''),
});

type Receipt = z.output<typeof receiptSpec>;

interface Outstanding {
  /** Monotonic ms of the first sending. */
  readonly sinceMs: number;
  readonly answer: (receipt: Receipt) => void;
}

export interface ReceiptParts extends RefusalParts {
  /** An event without a receipt is sent again after this. */
  readonly resendAfterMs: number;
}

/**
 * Waits for the word of the receiver itself (`confirm: receiver`): an event is done when its receipt has come, and is sent
 * again under the same id until then. One that the receiver refuses is journaled as refused and not sent any more. Knows
 * nothing of the road.
 */
export class Receipts {
  /** Events that the receiver refused, since start. */
  refused = 0;
  /** Sendings beyond the first of each event, since start. */
  resent = 0;
  private readonly awaited = new Map<string, Outstanding>();
  private readonly parts: ReceiptParts;

  constructor(parts: ReceiptParts) {
    this.parts = parts;
  }

  /** Events sent whose receipt has not come. */
  get unconfirmed(): number {
    return this.awaited.size;
  }

  /** While the receiver is silent for longer than events wait to be sent again. */
  get trouble(): LifelineError | undefined {
    const { clock, resendAfterMs, sink } = this.parts;
    const [oldest] = this.awaited.values();
    const silentMs = oldest ? clock.monotonicMs() - oldest.sinceMs : 0;
    if (silentMs < resendAfterMs) return undefined;
    const oldestS = Math.round(silentMs / 1000);
    const count = this.awaited.size;
    const text = both(
      `send events over ${sink}: ${count} without a receipt, the oldest for ${oldestS} s`,
      `向 ${sink} 上送事件：${count} 条没有回执，最久的已 ${oldestS} s`,
    );
    return receiptErrors.create('NONE', text);
  }

  /**
   * Sends an event until its receipt has come; resolves then, or once the signal aborts: ask the signal which it was.
   * @param send is told whether it sends the event again
   */
  async deliver(
    event: Event,
    send: (event: Event, again: boolean) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    const { gateway, clock, resendAfterMs, log, sink } = this.parts;
    const id = eventId(gateway, event);
    let receipt: Receipt | undefined;
    const came = new AbortController();
    const ended = AbortSignal.any([signal, came.signal]);
    const answer = (given: Receipt) => {
      receipt ??= given;
      came.abort();
    };
    this.awaited.set(id, { sinceMs: clock.monotonicMs(), answer });
    for (let sendings = 0; !ended.aborted; sendings++) {
      if (sendings > 0) this.resent++;
      send(event, sendings > 0).catch(() => undefined); // what was not sent has no receipt either
      await delay(clock, resendAfterMs, ended);
    }
    while (receipt?.status === 'refused' && !signal.aborted) {
      try {
        await noteRefusal(this.parts, event, receipt.reason);
        this.refused++;
        break;
      } catch (error) {
        log.warn({ sink }, `note that ${id} was refused: ${describeError(error)}`);
        await delay(clock, resendAfterMs, signal);
      }
    }
    this.awaited.delete(id);
  }

  /** Takes a receipt, also of what never gets to the receiver. */
  settle(receipt: Receipt): void {
    this.awaited.get(receipt.id)?.answer(receipt);
  }

  /**
   * Takes a message of the receiver; what is none of ours is passed over.
   * @param correlation id of the event that it answers, where the road tells it beside the message
   */
  take(payload: Uint8Array, correlation?: string): void {
    const { log, sink } = this.parts;
    const said = parseJson(payload, maxReceiptBytes);
    const read = receiptSpec.safeParse(correlation === undefined ? said : { id: correlation, ...(said as object) });
    if (read.success) {
      this.settle(read.data);
      return;
    }
    const { code, message, next } = receiptErrors.create(
      'MALFORMED',
      asText(`read a receipt of ${payload.length} bytes over ${sink}`),
    );
    log.warn({ code, sink, next }, message);
  }
}
