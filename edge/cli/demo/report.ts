import type { Event } from '../../core/event.ts';
import type { DeviceStatus } from '../../core/status.ts';
import type { GatewayStatus } from '../../gateway.ts';

/** What the city says of one happening; the gateway never sees it. */
export interface TruthLine {
  readonly kind: string;
  readonly asset: string;
  readonly affected: readonly string[];
  readonly decoy: boolean;
  readonly startMs: number;
}

/** What the independent subscriber saw. */
export interface Received {
  readonly ids: ReadonlySet<string>;
  readonly count: number;
  readonly duplicates: number;
  readonly latency: { readonly p50: number; readonly p99: number };
}

/** Everything the report is made from. */
export interface DemoFacts {
  readonly durationS: number;
  readonly seed: number;
  /** Whether a burst was meant to happen, and so must be found. */
  readonly expected: 'burst' | 'none' | 'hydrant-flush';
  readonly truth: readonly TruthLine[];
  /** Final status of the gateway; undefined when it died. */
  readonly gateway: GatewayStatus | undefined;
  /** The journal, read from disk after the gateway had ended. */
  readonly journal: readonly Event[];
  readonly received: Received;
  readonly utilityOfDevice: (device: string) => string;
  readonly startToFirstSampleMs: number | null;
  readonly memoryMb: Readonly<Record<string, number>>;
}

/** Links of the chain in order; the first that does not hold is named. */
export type Link = 'city' | 'gateway' | 'detected' | 'journaled' | 'forwarded' | 'received' | 'quiet';

const idOf = (gateway: string, event: Event) => `${gateway}/${event.stream}/${event.epoch}/${event.sequence}`;
const iso = (ms: number) => new Date(ms).toISOString();

function utilityFigures(facts: DemoFacts) {
  const figures: Record<string, { plcs: number; tags: number; samples: number; badSamples: number }> = {};
  for (const device of facts.gateway?.devices ?? []) {
    const utility = facts.utilityOfDevice(device.id);
    const sum = figures[utility] ?? { plcs: 0, tags: 0, samples: 0, badSamples: 0 };
    figures[utility] = {
      plcs: sum.plcs + 1,
      tags: sum.tags + device.tags,
      samples: sum.samples + device.samples,
      badSamples: sum.badSamples + device.badSamples,
    };
  }
  return figures;
}

function pollFigures(devices: readonly DeviceStatus[]) {
  return {
    due: devices.reduce((sum, device) => sum + device.polls.due, 0),
    late: devices.reduce((sum, device) => sum + device.polls.late, 0),
    p99LatenessMs: Math.max(0, ...devices.map((device) => device.polls.p99LatenessMs)),
  };
}

/** The first link of the chain that broke, or undefined when all held. */
function brokenLink(facts: DemoFacts, raised: readonly Event[], alarm: Event | undefined): Link | undefined {
  const { gateway, received } = facts;
  if (!gateway) return 'gateway';
  if (facts.expected !== 'burst') return raised.length > 0 ? 'quiet' : undefined;
  if (facts.truth.length === 0) return 'city';
  if (!alarm) return gateway.alarms.raised > raised.length ? 'journaled' : 'detected';
  const forwarded = gateway.sinks.every((sink) => sink.pending === 0) && gateway.sinks.length > 0;
  if (!received.ids.has(idOf(gateway.gateway, alarm))) return forwarded ? 'received' : 'forwarded';
  return undefined;
}

/** The report of `lifeline demo`, as the contract describes it, with `brokenLink` when the chain did not hold. */
export function demoReport(facts: DemoFacts) {
  const raised = facts.journal.filter((event) => event.type === 'alarm.raised');
  const [truth] = facts.truth;
  const alarm = truth && raised.find((event) => event.subject === truth.asset && event.time >= truth.startMs);
  const right = (event: Event) =>
    truth && !truth.decoy && event.time >= truth.startMs && truth.affected.includes(event.subject);
  const falseAlarms = raised.filter((event) => !right(event)).length;
  const broken = brokenLink(facts, raised, alarm) ?? (falseAlarms > 0 ? 'quiet' : undefined);
  const detectedMs = alarm && Number(alarm.data['detectedAt']);
  return {
    ok: broken === undefined,
    ...(broken ? { brokenLink: broken } : {}),
    durationS: facts.durationS,
    seed: facts.seed,
    utilities: utilityFigures(facts),
    polls: pollFigures(facts.gateway?.devices ?? []),
    incident: truth
      ? {
          kind: truth.kind,
          startedAt: iso(truth.startMs),
          detectedAt: detectedMs === undefined ? null : iso(detectedMs),
          secondsToDetect: detectedMs === undefined ? null : Math.round((detectedMs - truth.startMs) / 100) / 10,
          asset: alarm?.subject ?? null,
          truthAsset: truth.asset,
          decision: alarm?.data['decision'] ?? null,
        }
      : null,
    alarms: {
      raised: raised.length,
      falseAlarms,
      list: raised.map((event) => `${event.subject}/${event.data['kind']}`),
    },
    events: {
      journaled: facts.journal.length,
      forwarded: facts.gateway?.sinks.reduce((sum, sink) => sum + sink.forwarded, 0) ?? 0,
      received: facts.received.count,
      duplicates: facts.received.duplicates,
    },
    latencyMs: { registerToBroker: facts.received.latency },
    startToFirstSampleMs: facts.startToFirstSampleMs,
    memoryMb: facts.memoryMb,
  };
}
