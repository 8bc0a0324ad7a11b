import { z } from 'zod';
import { type Clock, delay } from '../core/clock.ts';
import { LifelineError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type CloudEvent, eventId } from './cloudevents.ts';
import type { Forwarder } from './forwarder.ts';
import { orEnded } from './telemetry/or-ended.ts';

/** How many alarms stand; those that are shelved, suppressed or out of service are not among them. */
export interface AlarmCounts {
  readonly active: number;
  readonly unacknowledged: number;
  /** Active ones that concern safety. */
  readonly safety: number;
}

/** Heartbeats that may go without being taken before anybody is told. */
const missable = 3;

/** Key of every sink that sends heartbeats. */
export const heartbeatS = z
  .int()
  .min(0)
  .max(86_400)
  .default(60)
  .describe(
    'Seconds between heartbeats, by which the centre tells a gateway that is silent from one that has nothing to tell, and sees whether it misses events; 0: none.',
  );

export interface HeartbeatParts {
  readonly sink: string;
  readonly gateway: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeatS: number;
  readonly forwarder: Pick<Forwarder, 'newest' | 'pending'>;
  alarms(): AlarmCounts;
}

/**
 * Tells the far end of a sink again and again that the gateway is there, when it will say so next, and what it has been
 * told of events and alarms. A heartbeat that is not taken is not sent again: the next one says more.
 */
export class Heartbeats {
  /** Why the last one was not taken; undefined when it was. */
  trouble: LifelineError | undefined;
  private sequence = 0;
  private triedMs: number | undefined;
  private takenMs: number;
  private readonly stream: string;
  private readonly everyMs: number;
  private readonly parts: HeartbeatParts;

  constructor(parts: HeartbeatParts) {
    const { sink, clock } = parts;
    this.parts = parts;
    this.everyMs = parts.heartbeatS * 1000;
    this.takenMs = clock.monotonicMs();
    this.stream = `heartbeat/${sink}-${clock.wallMs()}`;
  }

  /** How long ago the far end took one last, ms, once it has missed several; 0 before. */
  get overdueMs(): number {
    const silentMs = this.parts.clock.monotonicMs() - this.takenMs;
    return this.everyMs > 0 && silentMs >= missable * this.everyMs ? Math.round(silentMs) : 0;
  }

  /**
   * Sends them over one connection until it has ended. No more than one in each interval, however often connections come: one
   * that a far end drops the connection for must not keep events from theirs.
   * @param send resolves once the far end has taken it
   */
  async run(send: (beat: CloudEvent) => Promise<unknown>, ended: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    while (this.everyMs > 0 && !ended.aborted) {
      const waitedMs = this.triedMs === undefined ? this.everyMs : clock.monotonicMs() - this.triedMs;
      await delay(clock, Math.max(0, this.everyMs - waitedMs), ended);
      if (ended.aborted) return;
      this.triedMs = clock.monotonicMs();
      await orEnded(this.beat(send), ended);
    }
  }

  private async beat(send: (beat: CloudEvent) => Promise<unknown>): Promise<void> {
    const { clock, log, sink } = this.parts;
    try {
      await send(this.next());
      this.takenMs = clock.monotonicMs();
      this.trouble = undefined;
    } catch (error) {
      if (!(error instanceof LifelineError)) return; // the connection is going
      const { code, message, next } = error;
      if (this.trouble?.code !== code) log.warn({ code, sink, next }, message);
      this.trouble = error;
    }
  }

  private next(): CloudEvent {
    const { gateway, clock, forwarder, alarms } = this.parts;
    const { newest, pending } = forwarder;
    const sequence = ++this.sequence;
    const lastEvent = newest && {
      ...{ id: eventId(gateway, newest), sequence: newest.sequence, time: new Date(newest.time).toISOString() },
    };
    return {
      ...{ specversion: '1.0', id: `${gateway}/${this.stream}/${sequence}`, source: `lifeline/${gateway}` },
      ...{ type: 'city.lifeline.gateway.heartbeat', time: new Date(clock.wallMs()).toISOString(), subject: gateway },
      datacontenttype: 'application/json',
      data: {
        ...{ sequence, nextWithinS: this.parts.heartbeatS, lastEvent: lastEvent ?? null, pendingEvents: pending },
        alarms: alarms(),
      },
    };
  }
}
