import type { DiagnosticFact, RequestDiagnostics, SessionDiagnostics } from '../../edge/core/diagnostics.ts';
import type { Text } from '../../edge/core/text.ts';
import type { PollGroup } from '../api.ts';
import type { Connection } from './connection.ts';
import type { Place } from './nodes.ts';
import type { Refusal } from './refusals.ts';

/** What a session can tell of itself to whoever looks: how each point gets here, and who the server is. */
export class Insight {
  private readonly requests: RequestDiagnostics[] = [];
  private readonly connection: Connection;
  private polls: readonly { readonly group: PollGroup; readonly outcome: { state: RequestDiagnostics['state'] } }[] =
    [];
  private clockDifferenceMs: number | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Points of one period that come by subscription, published in intervals that the server decided on. */
  subscribed(periodMs: number, publishingMs: number, places: readonly Place[]): void {
    if (places.length === 0) return;
    const place = { zh: `订阅，发布间隔 ${publishingMs} ms`, en: `subscription, published every ${publishingMs} ms` };
    this.requests.push({ periodMs, place, tags: places.map(({ point }) => point.tag), state: 'answered' });
  }

  /** Points that give no value, each with the server's word for it or what is wrong with its kind. */
  refused(points: readonly Refusal[]): void {
    for (const { point, why } of points) {
      const reason = { zh: why, en: why };
      const place = { zh: `节点 ${point.node}`, en: `node ${point.node}` };
      this.requests.push({ periodMs: point.periodMs, place, tags: [point.tag], state: 'refused', reason });
    }
  }

  /** Groups that are read at every period, as they report how the last reading went. */
  polled(groups: readonly PollGroup[]): readonly PollGroup[] {
    this.polls = groups.map((group) => ({ group, outcome: { state: 'waiting' } }));
    return this.polls.map(({ group, outcome }) => ({
      ...group,
      read: async () => {
        outcome.state = 'silent';
        const batch = await group.read();
        outcome.state = 'answered';
        return batch;
      },
    }));
  }

  /** The server's clock minus ours. */
  clockDiffers(byMs: number): void {
    this.clockDifferenceMs = Math.round(byMs);
  }

  tell(): SessionDiagnostics {
    const read: Text = { zh: '按周期读取', en: 'read at every period' };
    const polled = this.polls.map(({ group: { periodMs, tags }, outcome }) => {
      return { periodMs, place: read, tags: [...tags], state: outcome.state };
    });
    const { client, session } = this.connection;
    const policy = client.securityPolicy.split('#').at(-1) ?? '';
    const facts: DiagnosticFact[] = [
      { name: { zh: '会话端点', en: 'Session with' }, value: client.endpointUrl },
      { name: { zh: '安全策略', en: 'Security policy' }, value: policy },
      { name: { zh: '会话超时', en: 'Session timeout' }, value: session.timeout / 1000, unit: 's' },
    ];
    const difference = this.clockDifferenceMs;
    if (difference !== undefined)
      facts.push({ name: { zh: '时钟差', en: 'Clock difference' }, value: difference, unit: 'ms' });
    return { requests: [...this.requests, ...polled], facts };
  }
}
