import type { Event } from '../core/event.ts';

/** An event in the structured JSON form of CloudEvents 1.0 (cloudevents/spec v1.0.2, JSON format §3). */
export interface CloudEvent {
  readonly specversion: '1.0';
  /** `<gateway>/<stream>/<epoch>/<sequence>`: the same for every sending of one event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly subject: string;
  readonly datacontenttype: 'application/json';
  readonly data: Readonly<Record<string, unknown>>;
}

/** What names an event everywhere and for ever. */
export const eventId = (
  gateway: string,
  { stream, epoch, sequence }: Pick<Event, 'stream' | 'epoch' | 'sequence'>,
): string => `${gateway}/${stream}/${epoch}/${sequence}`;

/** How an event of this gateway looks to the world. */
export function toCloudEvent(gateway: string, event: Event): CloudEvent {
  return {
    specversion: '1.0',
    id: eventId(gateway, event),
    source: `lifeline/${gateway}`,
    type: `city.lifeline.${event.type}`,
    time: new Date(event.time).toISOString(),
    subject: event.subject,
    datacontenttype: 'application/json',
    data: event.data,
  };
}
