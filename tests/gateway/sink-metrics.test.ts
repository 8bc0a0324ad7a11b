import { expect, it } from 'vitest';
import { gatewayMetrics } from '../../edge/gateway/metrics.ts';
import type { GatewayStatus } from '../../edge/gateway/status.ts';
import type { SinkStatus } from '../../edge/upstream/api.ts';

const bare = { endpoint: '', state: 'online', lastError: '', forwarded: 7, pending: 0, oldestPendingMs: 0 } as const;
const sinks: readonly SinkStatus[] = [
  { ...bare, id: 'people', sink: 'people' },
  {
    ...{ ...bare, id: 'city', sink: 'mqtt-json', state: 'waiting', pending: 9, oldestPendingMs: 61_500 },
    lastError: 'LL-MQTT-NO-ACK send to mqtt://10.0.0.5: 9 not acknowledged in 30 s',
    ...{ unconfirmed: 3, deadLetters: 2, heartbeatOverdueMs: 180_000 },
    ...{ sent: 100, backfilled: 40, thinned: 60, dropped: 5, owed: 1_200, backlogMs: 90_000 },
  },
];

/** What Prometheus is told of a sink, by metric. */
function told(id: string): Readonly<Record<string, number | null>> {
  const status = {
    ...{ gateway: 'gw', startedAt: new Date(0).toISOString(), journaled: 0, devices: [], sinks },
    ...{ alarms: { raised: 0, active: 0, waiting: 0 }, detection: { assets: 0, active: [] } },
    calculated: { evaluations: 0 },
  } as unknown as GatewayStatus;
  const store = {
    damagedRecords: 0,
    damagedChunks: 0,
    droppedSamples: 0,
    historyBehind: 0,
    removedEvents: 0,
    lostEvents: 0,
  };
  const families = gatewayMetrics({ status, store, version: '0', disk: undefined, cpuS: 0, residentBytes: 0 });
  return Object.fromEntries(
    families.flatMap(({ name, samples }) =>
      samples
        .filter(({ labels, value }) => labels?.['sink'] === id && value !== null)
        .map(({ labels, value }) => [[name, labels?.['code'] ?? ''].join(' ').trim(), value] as const),
    ),
  );
}

it('a sink tells how deep and how old what waits is, what was thinned or is dead, and the code of its trouble', () => {
  expect(told('city')).toEqual({
    ...{ lifeline_sink_up: 0, lifeline_sink_events_forwarded_total: 7, lifeline_sink_events_pending: 9 },
    ...{
      lifeline_sink_oldest_pending_seconds: 61.5,
      lifeline_sink_events_unconfirmed: 3,
      lifeline_sink_dead_letters: 2,
    },
    ...{ 'lifeline_sink_last_error LL-MQTT-NO-ACK': 1, lifeline_sink_heartbeat_overdue_seconds: 180 },
    ...{ lifeline_sink_values_sent_total: 100, lifeline_sink_values_backfilled_total: 40 },
    ...{ lifeline_sink_values_thinned_total: 60, lifeline_sink_values_dropped_total: 5 },
    ...{ lifeline_sink_values_owed: 1_200, lifeline_sink_oldest_owed_seconds: 90 },
  });
});

it('a sink without values or trouble tells of neither', () => {
  expect(told('people')).toEqual({
    ...{ lifeline_sink_up: 1, lifeline_sink_events_forwarded_total: 7, lifeline_sink_events_pending: 0 },
    lifeline_sink_oldest_pending_seconds: 0,
  });
});
