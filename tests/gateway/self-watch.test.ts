import { expect, it } from 'vitest';
import type { Finding } from '../../edge/core/finding.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { SelfWatch, type WatchedSink } from '../../edge/gateway/self-watch.ts';

/** A running watch over sound devices and a sound store. */
function watching(clock: VirtualClock, sinks: () => WatchedSink[], findings: Finding[]): SelfWatch {
  const none = {
    damagedRecords: 0,
    damagedChunks: 0,
    droppedSamples: 0,
    historyBehind: 0,
    removedEvents: 0,
    lostEvents: 0,
  };
  const watch = new SelfWatch({
    ...{ gateway: 'gw', clock, devices: () => [], sinks },
    store: () => ({ figures: none, disk: undefined, waiting: 0 }),
    onFinding: (finding) => findings.push(finding),
  });
  watch.start();
  return watch;
}

it('claims dead letters with the sink that has most of them, and takes it back when none is left', async () => {
  const clock = new VirtualClock();
  const findings: Finding[] = [];
  let counts = [0, 0];
  const sinks = (): WatchedSink[] =>
    counts.map((deadLetters, index) => ({
      id: `sink-${index}`,
      state: 'online',
      lastError: '',
      oldestPendingMs: 0,
      deadLetters,
    }));
  const watch = watching(clock, sinks, findings);
  await clock.advance(2_000);
  expect(findings).toEqual([]);
  counts = [1, 3];
  await clock.advance(2_000);
  expect(findings).toMatchObject([{ asset: 'gw', kind: 'dead-letter', active: true }]);
  expect(findings[0]?.evidence).toEqual([{ tag: 'sink-1', observed: 3, expected: 0, unit: '', windowS: 0 }]);
  counts = [0, 0];
  await clock.advance(2_000);
  expect(findings[1]).toMatchObject({ kind: 'dead-letter', active: false });
  watch.stop();
});

it('claims values that are a quarter of an hour behind, with the sink that is furthest, until they have caught up', async () => {
  const clock = new VirtualClock();
  const findings: Finding[] = [];
  let behindMs = [0, 899_000];
  const sinks = (): WatchedSink[] =>
    behindMs.map((backlogMs, index) => ({
      id: `sink-${index}`,
      state: 'online',
      lastError: '',
      oldestPendingMs: 0,
      backlogMs,
    }));
  const watch = watching(clock, sinks, findings);
  await clock.advance(2_000);
  expect(findings).toEqual([]);
  behindMs = [900_000, 1_200_000];
  await clock.advance(2_000);
  expect(findings).toMatchObject([{ asset: 'gw', kind: 'values-behind', active: true }]);
  expect(findings[0]?.evidence).toEqual([{ tag: 'sink-1', observed: 1_200, expected: 900, unit: 's', windowS: 1_200 }]);
  behindMs = [0, 0];
  await clock.advance(2_000);
  expect(findings[1]).toMatchObject({ kind: 'values-behind', active: false });
  watch.stop();
});

it('claims a road that is in trouble for a minute although nothing waits for it, until it is online', async () => {
  const clock = new VirtualClock();
  const findings: Finding[] = [];
  let state: WatchedSink = { id: 'city', state: 'waiting', lastError: 'LL-MQTT-UNREACHABLE', oldestPendingMs: 0 };
  const watch = watching(clock, () => [state], findings);
  await clock.advance(60_000);
  expect(findings).toEqual([]);
  state = { ...state, state: 'connecting' };
  await clock.advance(1_000);
  expect(findings).toMatchObject([{ asset: 'gw', kind: 'sink-away', active: true, evidence: [{ tag: 'city' }] }]);
  state = { ...state, state: 'online', lastError: '' };
  await clock.advance(1_000);
  expect(findings[1]).toMatchObject({ kind: 'sink-away', active: false });
  watch.stop();
});

it('claims a road that is online and takes no heartbeats, as one alarm with what else keeps it away', async () => {
  const clock = new VirtualClock();
  const findings: Finding[] = [];
  const online = { id: 'city', state: 'online', lastError: 'LL-MQTT-TOPIC', oldestPendingMs: 0 };
  let sinks: WatchedSink[] = [{ ...online, heartbeatOverdueMs: 30_000 }];
  const watch = watching(clock, () => sinks, findings);
  await clock.advance(120_000);
  expect(findings, 'three of ten seconds').toEqual([]);
  sinks = [
    { ...online, heartbeatOverdueMs: 180_000 },
    { ...online, id: 'fleet', oldestPendingMs: 90_000, heartbeatOverdueMs: 0 },
  ];
  await clock.advance(5_000);
  expect(findings).toMatchObject([
    { kind: 'sink-away', active: true, evidence: [{ tag: 'city', observed: 180, expected: 60 }] },
  ]);
  sinks = [{ ...online, heartbeatOverdueMs: 0 }];
  await clock.advance(1_000);
  expect(findings.slice(1)).toMatchObject([{ kind: 'sink-away', active: false }]);
  watch.stop();
});
