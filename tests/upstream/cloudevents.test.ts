import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { toCloudEvent } from '../../edge/upstream/cloudevents.ts';

const event: Event = {
  type: 'alarm.raised',
  time: Date.UTC(2026, 0, 15, 8, 30, 0, 250),
  subject: 'dma-2',
  utility: 'water',
  stream: 'events',
  epoch: 'mk4z1c2a-00112233aabbccdd',
  sequence: 42,
  data: {
    ...{ asset: 'dma-2', utility: 'water', kind: 'burst', priority: 'critical', riskLevel: 'II', safety: false },
    ...{ state: 'active-unacknowledged', message: { zh: '二号片区疑似爆管', en: 'Burst suspected in district 2' } },
    ...{ value: 31.4, limit: 12.5, unit: 'L/s', evidence: [], grid: '230103005012', location: [126.64, 45.75] },
  },
};

describe('the CloudEvents form of an event', () => {
  it('equals the golden file, order of keys included', () => {
    const golden = readFileSync(new URL('golden/alarm-raised.json', import.meta.url), 'utf8');
    expect(JSON.stringify(toCloudEvent('hrb-07', event))).toBe(JSON.stringify(JSON.parse(golden)));
  });
});
