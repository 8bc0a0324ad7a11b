import { describe, expect, it } from 'vitest';
import { distanceM } from '../../edge/core/distance.ts';
import type { Place } from '../../edge/core/finding.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { openStore } from '../../edge/store/store.ts';
import { fingerprint } from '../../simulator/exam/fingerprint.ts';
import { sitBriefly, startMs } from './desk.ts';

const burst = {
  ...{ id: 'burst-1', kind: 'water.burst', target: 'dma-2', magnitude: 22, durationS: 0 },
  startMs: startMs + 180_000,
};

async function leavesJournalOnly(dir: string): Promise<void> {
  const clock = new VirtualClock(startMs);
  const store = await openStore({ dir, tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog });
  try {
    expect(store.journal.last).toBe(2);
    expect(await store.history.begin()).toBeUndefined();
    expect(await store.snapshots.load('detection')).toEqual(new Map());
  } finally {
    await store.close();
  }
}

describe('city and complete gateway in virtual time', () => {
  it('finds a burst main in its district within a minute, names a junction near it, and comes out the same a second time', async () => {
    const once = { seed: 1, minutes: 5, utilities: ['water'], happenings: [burst] };
    const first = await sitBriefly(once);
    const raised = first.events.filter(({ type }) => type === 'alarm.raised');
    expect(raised.map(({ data }) => [data['asset'], data['kind']])).toEqual([['dma-2', 'burst']]);
    expect((raised[0]?.time ?? 0) - burst.startMs).toBeLessThan(60_000);
    const told = ((raised[0]?.data['place'] ?? []) as readonly Place[]).slice(0, 3);
    const struck = first.truths[0]?.place?.location;
    const metres = told.map(({ location }) => distanceM(struck, location ?? undefined) ?? Number.POSITIVE_INFINITY);
    expect(Math.min(...metres)).toBeLessThanOrEqual(300);
    expect(first.truths.map(({ happening }) => happening)).toEqual([burst]);
    expect(fingerprint(await sitBriefly(once))).toBe(fingerprint(first));
  });

  it('reads Modbus and OPC UA devices alike, is calm while nothing happens, and leaves a journal but no telemetry', async () => {
    const calm = { seed: 2, minutes: 3, utilities: ['gas', 'gallery'], happenings: [] };
    const { events } = await sitBriefly({ ...calm, onStopped: leavesJournalOnly });
    expect(events.map(({ type }) => type)).toEqual(['gateway.started', 'gateway.stopped']);
  });
});
