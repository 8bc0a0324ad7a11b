import type {
  ClientMonitoredItemBase,
  ClientSession,
  ClientSessionPublishService,
  ClientSubscription,
  NotificationMessage,
} from 'node-opcua';
import type { NotificationCollector } from './collector.ts';
import { holdBack, type ItemSettings } from './deadband.ts';
import type { GapReport } from './gaps.ts';
import { readInParts, type ServerLimits } from './limits.ts';
import type { Place } from './nodes.ts';
import type { Refusal } from './refusals.ts';
import { SequenceWatch } from './sequence.ts';
import type { OpcuaStack } from './stack.ts';
import { attributeOf } from './value.ts';

const notificationsPerPublish = 10_000;
/** Also slow points are published at this interval at the latest: their first value should not take a whole period. */
const maxPublishingMs = 1000;
/** Publishing intervals without news after which the server says that it is still there. */
const keepAliveCount = 10;
/** Keep-alives that may fail to come before the server gives the subscription up. */
const lifetimeCount = 60;
/** Refusals that speak of how much the server can do, not of the node: such points are read instead. */
const limitRefusals = new Set(['BadTooManyMonitoredItems', 'BadOutOfMemory', 'BadResourceUnavailable']);

/** A session and what its values go through. */
export interface Subscriber {
  readonly stack: OpcuaStack;
  readonly session: ClientSession;
  readonly collector: NotificationCollector;
  readonly gaps: GapReport;
  readonly limits: ServerLimits;
  readonly queueSize: number;
  /** Whether the server is to hold back changes within the deadband of a point. */
  readonly serverDeadband: boolean;
}

export interface Subscribed {
  readonly subscription: ClientSubscription;
  readonly subscribed: readonly Place[];
  readonly missing: readonly Refusal[];
  /** Points that the server has, but will not subscribe: no room. */
  readonly refused: readonly Place[];
  /** Points whose changes the server will not hold back, though it was asked to. */
  readonly unfiltered: readonly Refusal[];
}

/** Subscribes to points of one period. Rejects when the server refuses the subscription as such. */
export async function subscribe(
  subscriber: Subscriber,
  places: readonly Place[],
  periodMs: number,
): Promise<Subscribed> {
  const { session, limits } = subscriber;
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: Math.min(periodMs, maxPublishingMs),
    requestedMaxKeepAliveCount: keepAliveCount,
    requestedLifetimeCount: lifetimeCount,
    maxNotificationsPerPublish: notificationsPerPublish,
    publishingEnabled: true,
    priority: 1,
  });
  const handles = new Map<number, Place>();
  followSequence(subscriber, subscription, handles);
  const subscribed: Place[] = [];
  const missing: Refusal[] = [];
  const refused: Place[] = [];
  const unfiltered: Refusal[] = [];
  const settings = { samplingInterval: periodMs, queueSize: subscriber.queueSize, discardOldest: true };
  for (let from = 0; from < places.length; from += limits.itemsPerCall) {
    const part = places.slice(from, from + limits.itemsPerCall);
    const items = await monitor(subscriber, subscription, part, settings);
    if (subscriber.serverDeadband) {
      const { subscriptionId } = subscription;
      unfiltered.push(...(await holdBack(subscriber.stack, session, subscriptionId, items, part, settings)));
    }
    for (const [index, item] of items.entries()) {
      const place = part[index];
      if (!place) continue;
      handles.set(item.monitoringParameters.clientHandle, place);
      const why = item.statusCode.name;
      if (limitRefusals.has(why)) refused.push(place);
      else if (item.statusCode.value !== 0) missing.push({ point: place.point, why });
      else subscribed.push(place);
    }
  }
  return { subscription, subscribed, missing, refused, unfiltered };
}

async function monitor(
  { stack, collector }: Subscriber,
  subscription: ClientSubscription,
  places: readonly Place[],
  settings: ItemSettings,
): Promise<readonly ClientMonitoredItemBase[]> {
  const group = stack.ClientMonitoredItemGroup.create(
    subscription,
    places.map((place) => attributeOf(stack, place)),
    settings,
    stack.TimestampsToReturn.Both,
  );
  group.on('changed', (_item, value, index) => {
    const place = places[index];
    if (place) collector.take(stack, place, value);
  });
  await new Promise<void>((resolve, reject) => {
    group.on('initialized', resolve);
    group.on('err', (message) => reject(new Error(message)));
  });
  return group.monitoredItems;
}

/** Asks again for messages that never came, and speaks of those that the server no longer has. */
function followSequence(subscriber: Subscriber, subscription: ClientSubscription, handles: Map<number, Place>): void {
  const watch = new SequenceWatch();
  subscription.on('raw_notification', ({ sequenceNumber, notificationData }: NotificationMessage) => {
    const { missing, count } = watch.take(sequenceNumber, (notificationData ?? []).length === 0);
    if (count > 0) void recover(subscriber, subscription.subscriptionId, missing, count, handles);
  });
}

async function recover(
  { stack, session, collector, gaps, limits }: Subscriber,
  subscriptionId: number,
  missing: readonly number[],
  count: number,
  handles: ReadonlyMap<number, Place>,
): Promise<void> {
  const late = new Set<Place>();
  let lost = count - missing.length;
  for (const retransmitSequenceNumber of missing) {
    const message = await republish(stack, session, subscriptionId, retransmitSequenceNumber);
    if (!message) lost += 1;
    for (const notification of message?.notificationData ?? []) {
      if (!(notification instanceof stack.DataChangeNotification)) continue;
      for (const { clientHandle, value } of notification.monitoredItems ?? []) {
        const place = handles.get(clientHandle);
        if (!place) continue;
        late.add(place);
        collector.take(stack, place, value);
      }
    }
  }
  if (lost > 0) gaps.lostMessages(lost);
  // what came late is older than what came meanwhile: the newest value must stand last
  const again = [...late];
  if (again.length === 0) return;
  const asked = again.map((place) => attributeOf(stack, place));
  const now = await readInParts(session, asked, limits).catch(() => []);
  for (const [index, data] of now.entries()) if (again[index]) collector.take(stack, again[index], data);
}

/** One message again; undefined when the server does not have it any more. */
function republish(
  stack: OpcuaStack,
  session: ClientSession,
  subscriptionId: number,
  retransmitSequenceNumber: number,
): Promise<NotificationMessage | undefined> {
  const request = new stack.RepublishRequest({ subscriptionId, retransmitSequenceNumber });
  return new Promise((resolve) => {
    // the session has this service, though its type does not say so
    const service = session as ClientSession & ClientSessionPublishService;
    service.republish(request, (error, response) => resolve(error ? undefined : response?.notificationMessage));
  });
}
