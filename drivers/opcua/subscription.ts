import type { ClientSession, ClientSubscription, DataValue } from 'node-opcua';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { isBad, Quality } from '../../edge/core/quality.ts';
import type { ServerLimits } from './limits.ts';
import type { MissingNode, Place } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';
import { sampleOf } from './value.ts';

/** Values the server keeps of one item between two publishes; the newest win. */
const queueSize = 10;
const notificationsPerPublish = 10_000;
/** Also slow points are published at this interval at the latest: their first value should not take a whole period. */
const maxPublishingMs = 1000;
/** Publishing intervals without news after which the server says that it is still there. */
const keepAliveCount = 10;
/** Keep-alives that may fail to come before the server gives the subscription up. */
const lifetimeCount = 60;

/** A session and what its values go through. */
export interface Subscriber {
  readonly stack: OpcuaStack;
  readonly session: ClientSession;
  readonly collector: NotificationCollector;
  readonly limits: ServerLimits;
}

/** Collects notifications and hands them on as one batch per publish. */
export class NotificationCollector {
  private readonly device: string;
  private readonly clock: Clock;
  private readonly emit: (batch: SampleBatch) => void;
  private tags: number[] = [];
  private values: number[] = [];
  private quality: number[] = [];
  private times: number[] = [];

  constructor(device: string, clock: Clock, emit: (batch: SampleBatch) => void) {
    this.device = device;
    this.clock = clock;
    this.emit = emit;
  }

  /** Adds one sample; `sourceTime` in ms since epoch, undefined where the server gave none. */
  add(tag: number, value: number, quality: number, sourceTime: number | undefined): void {
    // the stack delivers all values of a publish in one go: the microtask runs right after the last of them
    if (this.tags.length === 0) queueMicrotask(() => this.flush());
    const usable = !isBad(quality);
    const finite = Number.isFinite(value);
    this.tags.push(tag);
    this.values.push(usable && finite ? value : Number.NaN);
    this.quality.push(usable && !finite ? Quality.device : quality);
    this.times.push(sourceTime ?? this.clock.wallMs());
  }

  /** Adds what the server says of one place. */
  take(stack: OpcuaStack, { point, element }: Place, data: DataValue): void {
    const { value, quality } = sampleOf(stack, data, element);
    this.add(point.tag, value, quality, (data.sourceTimestamp ?? data.serverTimestamp)?.getTime());
  }

  private flush(): void {
    const batch = createBatch(this.device, this.tags.length, this.clock.wallMs());
    batch.tags.set(this.tags);
    batch.values.set(this.values);
    batch.quality.set(this.quality);
    batch.times.set(this.times);
    this.tags = [];
    this.values = [];
    this.quality = [];
    this.times = [];
    this.emit(batch);
  }
}

/** Subscribes to points of one period; resolves with the subscription and the points the server does not offer. */
export async function subscribe(
  subscriber: Subscriber,
  places: readonly Place[],
  periodMs: number,
): Promise<{ readonly subscription: ClientSubscription; readonly missing: readonly MissingNode[] }> {
  const { session, limits } = subscriber;
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: Math.min(periodMs, maxPublishingMs),
    requestedMaxKeepAliveCount: keepAliveCount,
    requestedLifetimeCount: lifetimeCount,
    maxNotificationsPerPublish: notificationsPerPublish,
    publishingEnabled: true,
    priority: 1,
  });
  const missing: MissingNode[] = [];
  for (let from = 0; from < places.length; from += limits.itemsPerCall) {
    const part = places.slice(from, from + limits.itemsPerCall);
    missing.push(...(await monitor(subscriber, subscription, part, periodMs)));
  }
  return { subscription, missing };
}

async function monitor(
  { stack, collector }: Subscriber,
  subscription: ClientSubscription,
  places: readonly Place[],
  periodMs: number,
): Promise<MissingNode[]> {
  const group = stack.ClientMonitoredItemGroup.create(
    subscription,
    places.map(({ node, element }) => ({
      nodeId: node,
      attributeId: stack.AttributeIds.Value,
      ...(element === undefined ? {} : { indexRange: new stack.NumericRange(String(element)) }),
    })),
    { samplingInterval: periodMs, queueSize, discardOldest: true },
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
  return group.monitoredItems.flatMap((item, index) => {
    const place = places[index];
    return place && item.statusCode.value !== 0 ? [{ point: place.point, why: item.statusCode.name }] : [];
  });
}
