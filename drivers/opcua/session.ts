import type { Enquiry } from '../../edge/core/enquiry.ts';
import { errorWithin, LifelineError } from '../../edge/core/errors.ts';
import { Quality } from '../../edge/core/quality.ts';
import { both, type Text } from '../../edge/core/text.ts';
import type {
  DeviceDefinition,
  DeviceNotice,
  DevicePoint,
  DriverHost,
  DriverSession,
  PollGroup,
  SessionEvents,
} from '../api.ts';
import { NotificationCollector } from './collector.ts';
import { signOfLifeMs } from './connection.ts';
import type { Chosen } from './endpoints.ts';
import { askNodes } from './enquiry.ts';
import { opcuaErrors } from './errors.ts';
import { watchExpiry } from './expiry.ts';
import { GapReport } from './gaps.ts';
import { Insight } from './insight.ts';
import { readLimits, type ServerLimits } from './limits.ts';
import { watchLiveness } from './liveness.ts';
import { MisfitReport } from './misfits.ts';
import { findPlaces, type Place } from './nodes.ts';
import type { OpcuaOptions } from './options.ts';
import { type PollContext, pollGroup } from './polling.ts';
import { describePoints, type Refusal } from './refusals.ts';
import type { OpcuaStack } from './stack.ts';
import { type Subscriber, subscribe } from './subscription.ts';
import { PointAccess } from './writing.ts';

/** With another endpoint to turn to, silence is believed sooner: a switch takes less than five seconds. */
const redundant = { everyMs: 1000, patienceMs: 1500 } as const;

/** What a point is whose node the server does not have. */
const absentSample = { value: Number.NaN, quality: Quality.config } as const;

export interface SessionParts {
  readonly stack: OpcuaStack;
  readonly device: DeviceDefinition;
  readonly wishes: OpcuaOptions;
  readonly chosen: Chosen;
  readonly events: SessionEvents;
  readonly host: DriverHost;
}

/** One open session of a device: subscriptions, polls where the server refuses them, writes, signs of life. */
export class OpcuaSession implements DriverSession {
  polls: readonly PollGroup[] = [];
  private readonly parts: SessionParts;
  private access: PointAccess | undefined;
  private limits: ServerLimits | undefined;
  private ended = false;
  private closing: Promise<void> | undefined;
  /** What ends with the session: its watches and their timers. */
  private readonly watches: (() => void)[] = [];
  private readonly insight: Insight;

  constructor(parts: SessionParts) {
    this.parts = parts;
    const { client, session } = parts.chosen.connection;
    this.insight = new Insight(parts.chosen.connection);
    client.on('connection_lost', () => this.lost(both('the connection broke', '连接中断')));
    client.on('close', () => this.lost(both('the connection closed', '连接已关闭')));
    session.on('session_closed', () => this.lost(both('the server closed the session', '服务器关闭了会话')));
    // the stack makes another session by itself, without our filters and our count of messages: begin anew altogether
    session.on('session_restored', () => this.lost(both('the server forgot the session', '服务器丢失了会话')));
  }

  /** Subscribes to everything; rejects with a coded error when not even reading is possible. */
  async start(): Promise<void> {
    const { stack, device, wishes, chosen, host } = this.parts;
    const { target } = chosen;
    try {
      await this.bind();
    } catch (cause) {
      await this.close();
      if (cause instanceof LifelineError) throw cause;
      const why = errorWithin(cause);
      const count = device.points.length;
      const text = both(
        `subscribe ${count} points of ${target}: ${why.en}`,
        `订阅 ${target} 的 ${count} 个点：${why.zh}`,
      );
      throw opcuaErrors.create('SUBSCRIBE', text, cause);
    }
    if (this.ended) return;
    const alone = { everyMs: signOfLifeMs, patienceMs: wishes.timeoutMs };
    const options = {
      ...(wishes.endpoints.length > 0 ? redundant : alone),
      ...{ device: device.id, target, lost: this.lost, notice: this.notice },
      clockDiffers: (byMs: number) => this.insight.clockDiffers(byMs),
    };
    const { client, session } = chosen.connection;
    this.watches.push(watchLiveness(stack, session, host, options));
    if (wishes.security.policy === 'None') return;
    const server = [client.serverCertificate ?? []].flat()[0];
    this.watches.push(watchExpiry({ device: device.id, target, server, host, notice: this.notice }));
  }

  write(point: DevicePoint, raw: number) {
    return this.open().write(point, raw);
  }

  readBack(point: DevicePoint) {
    return this.open().readBack(point);
  }

  enquire(enquiry: Enquiry) {
    const { stack, chosen } = this.parts;
    const { limits } = this;
    return enquiry.kind === 'nodes' && limits ? askNodes(stack, chosen.connection.session, limits, enquiry) : undefined;
  }

  diagnostics() {
    return this.insight.tell();
  }

  close(): Promise<void> {
    this.end();
    this.closing ??= this.parts.chosen.connection.close();
    return this.closing;
  }

  private open(): PointAccess {
    if (!this.access) throw new Error('the session has not started');
    return this.access;
  }

  private end(): void {
    this.ended = true;
    for (const stop of this.watches.splice(0)) stop();
  }

  private readonly lost = (what: Text): void => {
    if (this.ended) return;
    this.end();
    const { target } = this.parts.chosen;
    this.parts.events.lost(
      opcuaErrors.create('LOST', both(`link to ${target}: ${what.en}`, `${target} 的连接：${what.zh}`)),
    );
  };

  private readonly notice = (notice: DeviceNotice): void => {
    if (!this.ended) this.parts.events.notice?.(notice);
  };

  private readonly warn = ({ code, next, message }: LifelineError): void => {
    if (!this.ended) this.parts.host.log.warn({ code, device: this.parts.device.id, next }, message);
  };

  /** Finds every point and brings its values to flow; what the server does not offer is bad, and named once. */
  private async bind(): Promise<void> {
    const { stack, device, wishes, chosen, host } = this.parts;
    const { session } = chosen.connection;
    const limits = await readLimits(stack, session);
    this.limits = limits;
    const misfits = new MisfitReport((points) => {
      this.insight.refused(points);
      this.warn(describePoints('TYPE', chosen.target, points));
    });
    const to = { device: device.id, clock: host.clock, misfits };
    const context = { ...to, stack, session, limits, target: chosen.target };
    const { places, missing } = await findPlaces(stack, session, device.points, limits.nodesPerRead);
    this.access = new PointAccess(context, places);
    const gaps = new GapReport(device.id, chosen.target, host, this.notice);
    this.watches.push(() => gaps.stop());
    const collector = new NotificationCollector({ ...to, gaps }, (batch) => {
      if (!this.ended) this.parts.events.batch(batch);
    });
    const { queueSize, serverDeadband } = wishes;
    const subscriber = { stack, session, collector, gaps, limits, queueSize, serverDeadband };
    const absent = [...missing, ...(await this.flow(subscriber, context, places))];
    for (const { point } of absent) collector.add(point.tag, absentSample, undefined);
    this.insight.refused(absent);
    if (absent.length > 0) this.warn(describePoints('NODE', chosen.target, absent));
  }

  /** Subscribes period by period; what is refused for lack of room is polled. */
  private async flow(subscriber: Subscriber, context: PollContext, places: readonly Place[]) {
    const { wishes } = this.parts;
    const missing: Refusal[] = [];
    const polled: Place[] = [];
    let refusal: string | undefined;
    for (const [periodMs, group] of byPeriod(places)) {
      if (!wishes.subscribe || refusal !== undefined) {
        polled.push(...group);
        continue;
      }
      const made = await subscribe(subscriber, group, periodMs).catch((cause: Error) => cause);
      if (made instanceof Error) {
        refusal = refusalOf(made);
        if (refusal === undefined) throw made;
        polled.push(...group);
        continue;
      }
      const { subscription, subscribed, missing: unknown, refused, unfiltered } = made;
      if (unfiltered.length > 0) this.warn(describePoints('DEADBAND', context.target, unfiltered));
      subscription.on('terminated', () => this.lost(both('the subscription ended', '订阅已终止')));
      subscription.on('internal_error', (error) =>
        this.lost(both(`the subscription failed (${error.message})`, `订阅失败（“${error.message}”）`)),
      );
      missing.push(...unknown);
      polled.push(...refused);
      this.insight.subscribed(periodMs, subscription.publishingInterval, subscribed);
    }
    this.polls = this.insight.polled(byPeriod(polled).map(([periodMs, group]) => pollGroup(context, group, periodMs)));
    if (wishes.subscribe && polled.length > 0) {
      this.tellPolling(polled.length, places.length, refusal ?? 'no room for more items');
    }
    return missing;
  }

  private tellPolling(observed: number, limit: number, why: string): void {
    const { target } = this.parts.chosen;
    const text = both(
      `${target} does not subscribe ${observed} of ${limit} points (${why}); they are read at every period`,
      `${target} 未能订阅 ${limit} 个点中的 ${observed} 个（“${why}”）；改为按周期读取`,
    );
    const error = opcuaErrors.create('POLLING', text);
    this.warn(error);
    this.notice({ kind: 'polled', active: true, error, observed, limit, unit: '' });
  }
}

function byPeriod(places: readonly Place[]): readonly (readonly [number, readonly Place[]])[] {
  const groups = new Map<number, Place[]>();
  for (const place of places) {
    const group = groups.get(place.point.periodMs);
    if (group) group.push(place);
    else groups.set(place.point.periodMs, [place]);
  }
  return [...groups];
}

/** The status code by which a server refuses to subscribe at all; undefined when the trouble is another. */
function refusalOf(error: Error): string | undefined {
  const refusals = /Bad(TooManySubscriptions|ServiceUnsupported|NotImplemented|NotSupported|UserAccessDenied)/;
  return refusals.exec(error.message)?.[0];
}
