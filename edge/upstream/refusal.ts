import type { Clock } from '../core/clock.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { asText } from '../core/text.ts';
import type { Journal } from '../store/api.ts';
import { eventId } from './cloudevents.ts';
import { receiptErrors } from './errors.ts';

/** What noting a refusal takes. */
export interface RefusalParts {
  readonly sink: string;
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Pick<Journal, 'append'>;
}

/**
 * Journals that the far end of a sink refuses an event for good, so that it is not sent any more and yet not forgotten.
 * Resolves once that is on disk. A refused note of a refusal is only logged: noting it would go on for ever.
 */
export async function noteRefusal(parts: RefusalParts, event: Event, reason: string): Promise<void> {
  const { sink, gateway, clock, log, journal } = parts;
  const id = eventId(gateway, event);
  const { code, message, next } = receiptErrors.create(
    'REFUSED',
    asText(`send ${id} (${event.type}) over ${sink}: ${reason}`),
  );
  log.warn({ code, sink, next }, message);
  if (event.type === 'gateway.event-refused') return;
  const data = { gateway, sink, id, type: event.type, subject: event.subject, reason, code };
  await journal.append([
    { type: 'gateway.event-refused', time: clock.wallMs(), subject: gateway, utility: 'gateway', data },
  ]);
}
