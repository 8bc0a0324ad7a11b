import type { MetricFamily, MetricSample } from '../observability/exposition.ts';
import type { DiskState, StoreFigures } from '../store/api.ts';
import type { GatewayStatus } from './status.ts';

/** What the figures are taken from. */
export interface MeasuredGateway {
  readonly status: GatewayStatus;
  readonly version: string;
  readonly store: StoreFigures;
  readonly disk: DiskState | undefined;
  /** Since the process began, s. */
  readonly cpuS: number;
  readonly residentBytes: number;
}

const gauge = (name: string, help: string, ...samples: readonly MetricSample[]): MetricFamily => ({
  ...{ name: `lifeline_${name}`, help, type: 'gauge', samples },
});
const counter = (name: string, help: string, ...samples: readonly MetricSample[]): MetricFamily => ({
  ...{ name: `lifeline_${name}_total`, help, type: 'counter', samples },
});

/** The gateway's figures of itself; counters are since its start. */
export function gatewayMetrics(measured: MeasuredGateway): readonly MetricFamily[] {
  const { status, version, cpuS, residentBytes } = measured;
  const { gateway, startedAt, alarms, detection, calculated, journaled } = status;
  return [
    gauge('info', 'Which gateway and which version.', { labels: { gateway, version }, value: 1 }),
    gauge('start_time_seconds', 'Start of the gateway, seconds since epoch.', { value: Date.parse(startedAt) / 1000 }),
    gauge('resident_memory_bytes', 'Memory of the process.', { value: residentBytes }),
    counter('cpu_seconds', 'Computing time of the process.', { value: cpuS }),
    ...deviceMetrics(status),
    ...sinkMetrics(status),
    gauge('alarms_active', 'Alarms that are not back to normal.', { value: alarms.active }),
    counter('alarms_raised', 'Alarms raised.', { value: alarms.raised }),
    gauge('events_waiting', 'Events that wait for a journal that refuses them.', { value: alarms.waiting }),
    gauge('journal_sequence', 'Sequence of the newest event in the journal.', { value: journaled }),
    gauge('detection_assets', 'Assets that are watched.', { value: detection.assets }),
    gauge('detection_claims_active', 'Claims that stand.', { value: detection.active.length }),
    counter('calculated_evaluations', 'Evaluations of calculated points.', { value: calculated.evaluations }),
    ...storeMetrics(measured),
  ];
}

function deviceMetrics({ devices }: GatewayStatus): readonly MetricFamily[] {
  type Device = GatewayStatus['devices'][number];
  const each = (value: (device: Device) => number) =>
    devices.map((device) => ({ labels: { device: device.id, driver: device.driver }, value: value(device) }));
  const eachGroup = (value: (group: Device['groups'][number]) => number | null) =>
    devices.flatMap(({ id, groups }) =>
      groups.map((group) => ({ labels: { device: id, period: `${group.periodMs / 1000}s` }, value: value(group) })),
    );
  const seconds = (ms: number | null) => (ms === null ? null : ms / 1000);
  return [
    gauge('device_up', 'Whether the device is online.', ...each(({ state }) => Number(state === 'online'))),
    counter('device_samples', 'Samples read.', ...each(({ samples }) => samples)),
    counter('device_bad_samples', 'Samples among them that are bad.', ...each(({ badSamples }) => badSamples)),
    counter('device_reconnects', 'Connections made anew.', ...each(({ reconnects }) => reconnects)),
    counter('device_polls_due', 'Polls that were due.', ...each(({ polls }) => polls.due)),
    counter('device_polls_late', 'Polls that began late.', ...each(({ polls }) => polls.late)),
    gauge('device_poll_lateness_p99_seconds', 'Lateness of polls.', ...each(({ polls }) => polls.p99LatenessMs / 1000)),
    gauge('poll_group_achieved_seconds', 'Period that is kept.', ...eachGroup((group) => seconds(group.achievedMs))),
    counter('poll_group_overruns', 'Polls left out.', ...eachGroup(({ overruns }) => overruns)),
  ];
}

function sinkMetrics({ sinks }: GatewayStatus): readonly MetricFamily[] {
  const each = (value: (sink: GatewayStatus['sinks'][number]) => number | undefined) =>
    sinks.map((sink) => ({ labels: { sink: sink.id, kind: sink.sink }, value: value(sink) ?? null }));
  return [
    gauge('sink_up', 'Whether the sink is online.', ...each(({ state }) => Number(state === 'online'))),
    counter('sink_events_forwarded', 'Events confirmed.', ...each(({ forwarded }) => forwarded)),
    counter('sink_events_refused', 'Events refused for good.', ...each(({ refused }) => refused)),
    gauge('sink_events_pending', 'Events not confirmed yet.', ...each(({ pending }) => pending)),
    gauge(
      'sink_oldest_pending_seconds',
      'Age of the oldest.',
      ...each(({ oldestPendingMs }) => oldestPendingMs / 1000),
    ),
    gauge(
      'sink_events_unconfirmed',
      'Events sent whose receipt has not come.',
      ...each(({ unconfirmed }) => unconfirmed),
    ),
    gauge('sink_dead_letters', 'Events that the far end does not take.', ...each(({ deadLetters }) => deadLetters)),
    gauge('sink_last_error', 'The trouble there is, by its code.', ...sinks.flatMap(troubleOf)),
    gauge(
      'sink_heartbeat_overdue_seconds',
      'Since the far end took a heartbeat, once it has missed several.',
      ...each(({ heartbeatOverdueMs }) => seconds(heartbeatOverdueMs)),
    ),
    counter('sink_values_sent', 'Values sent as they came.', ...each(({ sent }) => sent)),
    counter('sink_values_backfilled', 'Values sent later.', ...each(({ backfilled }) => backfilled)),
    counter('sink_values_thinned', 'Values of history that the deadband held back.', ...each(({ thinned }) => thinned)),
    gauge('sink_values_owed', 'Values that wait to be sent later.', ...each(({ owed }) => owed)),
    gauge(
      'sink_oldest_owed_seconds',
      'Age of the oldest value that waits.',
      ...each(({ backlogMs }) => seconds(backlogMs)),
    ),
    counter('sink_values_dropped', 'Values that will not be sent.', ...each(({ dropped }) => dropped)),
  ];
}

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);

/** A sample of the code that its last trouble has; none where all is well. */
function troubleOf({ id, sink, lastError }: GatewayStatus['sinks'][number]): readonly MetricSample[] {
  const code = /^LL-[A-Z-]+/.exec(lastError)?.[0];
  return code === undefined ? [] : [{ labels: { sink: id, kind: sink, code }, value: 1 }];
}

function storeMetrics({ store, disk }: MeasuredGateway): readonly MetricFamily[] {
  return [
    counter('store_damaged', 'Records and chunks that failed their checksum.', {
      value: store.damagedRecords + store.damagedChunks,
    }),
    counter('store_samples_dropped', 'Samples that could not be kept.', { value: store.droppedSamples }),
    counter('store_events_lost', 'Events removed before a sink had them.', { value: store.lostEvents }),
    gauge('disk_free_bytes', 'Free on the disk of the data folder.', { value: disk?.freeBytes ?? null }),
    gauge('disk_kept_free_bytes', 'What is to stay free.', { value: disk?.keepFreeBytes ?? null }),
  ];
}
