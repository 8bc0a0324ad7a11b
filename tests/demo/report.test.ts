import { describe, expect, it } from 'vitest';
import { type DemoFacts, demoReport } from '../../edge/cli/demo/report.ts';
import type { Event } from '../../edge/core/event.ts';
import type { GatewayStatus } from '../../edge/gateway.ts';

const raised = (subject: string, time: number, sequence: number): Event => ({
  stream: 'events',
  epoch: 'e',
  sequence,
  type: 'alarm.raised',
  time,
  subject,
  utility: 'water',
  data: { kind: 'burst', detectedAt: time },
});
const status = (over: Partial<GatewayStatus> = {}): GatewayStatus => ({
  gateway: 'gw',
  startedAt: '',
  consoleUrl: null,
  devices: [],
  values: { read: 0, thinned: 0 },
  sinks: [
    {
      id: 'city',
      sink: 'mqtt-json',
      endpoint: '',
      state: 'online',
      lastError: '',
      forwarded: 1,
      pending: 0,
      oldestPendingMs: 0,
    },
  ],
  alarms: { raised: 1, active: 1, waiting: 0 },
  journaled: 1,
  store: { damagedRecords: 0, damagedChunks: 0, droppedSamples: 0, historyBehind: 0, removedEvents: 0, lostEvents: 0 },
  calculated: { points: 0, evaluations: 0 },
  detection: {
    ...{ assets: 0, detectors: {}, calibrated: true, active: [], models: {}, learned: [], outOfModel: {} },
    budget: { wanted: null, tolerance: 1, expected: null, supported: null },
  },
  learning: { stage: null, next: null, share: null, problem: null },
  recalibration: [],
  memoryMb: { rss: 1 },
  ...over,
});
const truth = { kind: 'water.burst', asset: 'dma-2', affected: ['dma-2', 'ps-1'], decoy: false, startMs: 20_000 };
const facts = (over: Partial<DemoFacts> = {}): DemoFacts => ({
  durationS: 60,
  seed: 1,
  expected: 'burst',
  truth: [truth],
  gateway: status(),
  journal: [raised('dma-2', 24_000, 1)],
  received: { ids: new Set(['gw/events/e/1']), count: 1, duplicates: 0, latency: { p50: 1, p99: 2 } },
  utilityOfDevice: () => 'water',
  startToFirstSampleMs: 900,
  memoryMb: {},
  ...over,
});
const nothing = { ids: new Set<string>(), count: 0, duplicates: 0, latency: { p50: 0, p99: 0 } };

describe('the demo report', () => {
  it('holds when the burst was detected, journaled, forwarded and received', () => {
    const report = demoReport(facts());
    expect(report).toMatchObject({ ok: true, alarms: { raised: 1, falseAlarms: 0 } });
    expect(report.incident).toMatchObject({ asset: 'dma-2', truthAsset: 'dma-2', secondsToDetect: 4 });
  });

  it.each([
    ['gateway', { gateway: undefined }],
    ['city', { truth: [] }],
    ['detected', { journal: [], gateway: status({ alarms: { raised: 0, active: 0, waiting: 0 } }) }],
    ['journaled', { journal: [], gateway: status({ alarms: { raised: 1, active: 1, waiting: 1 } }) }],
    ['forwarded', { received: nothing, gateway: status({ sinks: [{ ...status().sinks[0]!, pending: 1 }] }) }],
    ['received', { received: nothing }],
  ] as const)('names the link "%s" when it broke', (link, over) => {
    expect(demoReport(facts(over))).toMatchObject({ ok: false, brokenLink: link });
  });

  it('counts an alarm on an asset that the burst cannot reach as false, and one raised before it too', () => {
    const wrong = demoReport(facts({ journal: [raised('dma-2', 24_000, 1), raised('zone-1', 25_000, 2)] }));
    expect(wrong).toMatchObject({ ok: false, brokenLink: 'quiet', alarms: { falseAlarms: 1 } });
    const early = demoReport(facts({ journal: [raised('dma-2', 10_000, 1)] }));
    expect(early.ok).toBe(false);
  });

  it('wants no alarm at all when nothing, or only a decoy, happened', () => {
    expect(demoReport(facts({ expected: 'none', truth: [], journal: [] })).ok).toBe(true);
    const flush = { ...truth, kind: 'water.hydrant-flush', decoy: true };
    expect(demoReport(facts({ expected: 'hydrant-flush', truth: [flush], journal: [] })).ok).toBe(true);
    const alarmed = demoReport(facts({ expected: 'hydrant-flush', truth: [flush] }));
    expect(alarmed).toMatchObject({ ok: false, brokenLink: 'quiet' });
  });
});
