import type { ClientSession, ClientSubscription, DataValue } from 'node-opcua';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { isBad, Quality } from '../../edge/core/quality.ts';
import type { DevicePoint } from '../api.ts';
import type { OpcuaStack } from './connection.ts';
import { numberOf, qualityOfStatus } from './value.ts';

/** Values the server keeps of one item between two publishes; the newest win. */
const queueSize = 10;
const itemsPerCall = 500;
const notificationsPerPublish = 10_000;
/** Also slow points are published at this interval at the latest: their first value should not take a whole period. */
const maxPublishingMs = 1000;
/** Publishing intervals without news after which the server says that it is still there. */
const keepAliveCount = 10;
/** Keep-alives that may fail to come before the server gives the subscription up. */
const lifetimeCount = 60;

/** A point that the server does not offer, with the server's own word for it. */
export interface MissingNode {
  readonly point: DevicePoint;
  readonly why: string;
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
  stack: OpcuaStack,
  session: ClientSession,
  points: readonly DevicePoint[],
  periodMs: number,
  collector: NotificationCollector,
): Promise<{ readonly subscription: ClientSubscription; readonly missing: readonly MissingNode[] }> {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: Math.min(periodMs, maxPublishingMs),
    requestedMaxKeepAliveCount: keepAliveCount,
    requestedLifetimeCount: lifetimeCount,
    maxNotificationsPerPublish: notificationsPerPublish,
    publishingEnabled: true,
    priority: 1,
  });
  const missing: MissingNode[] = [];
  for (let from = 0; from < points.length; from += itemsPerCall) {
    const part = points.slice(from, from + itemsPerCall);
    missing.push(...(await monitor(stack, subscription, part, periodMs, collector)));
  }
  return { subscription, missing };
}

async function monitor(
  stack: OpcuaStack,
  subscription: ClientSubscription,
  points: readonly DevicePoint[],
  periodMs: number,
  collector: NotificationCollector,
): Promise<MissingNode[]> {
  const group = stack.ClientMonitoredItemGroup.create(
    subscription,
    points.map((point) => ({ nodeId: point.node, attributeId: stack.AttributeIds.Value })),
    { samplingInterval: periodMs, queueSize, discardOldest: true },
    stack.TimestampsToReturn.Both,
  );
  group.on('changed', (_item, value, index) => {
    const point = points[index];
    if (point) take(stack, collector, point, value);
  });
  await new Promise<void>((resolve, reject) => {
    group.on('initialized', resolve);
    group.on('err', (message) => reject(new Error(message)));
  });
  return group.monitoredItems.flatMap((item, index) => {
    const point = points[index];
    return point && item.statusCode.value !== 0 ? [{ point, why: item.statusCode.name }] : [];
  });
}

function take(stack: OpcuaStack, collector: NotificationCollector, point: DevicePoint, data: DataValue): void {
  const { value, dataType, arrayType } = data.value;
  const quality = qualityOfStatus(data.statusCode.value);
  const numeric = isNumeric(stack, dataType) && arrayType === stack.VariantArrayType.Scalar;
  const number = numeric ? numberOf(value, dataType === stack.DataType.Int64) : Number.NaN;
  const sourceTime = (data.sourceTimestamp ?? data.serverTimestamp)?.getTime();
  collector.add(point.tag, number, isBad(quality) || numeric ? quality : Quality.config, sourceTime);
}

/** Whether a data type holds a number, truth value or time: the built-in types 1–11 and 13 (Part 6, 5.1.2). */
function isNumeric(stack: OpcuaStack, dataType: number): boolean {
  return (dataType >= 1 && dataType <= 11) || dataType === stack.DataType.DateTime;
}
