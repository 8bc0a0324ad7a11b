import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../simulator/exam/fingerprint.ts';
import { sitBriefly, startMs } from '../exam/desk.ts';

const happening = (kind: string, target: string, magnitude: number, durationS: number) => ({
  ...{ id: `${kind}-1`, kind, target, magnitude, durationS, startMs: startMs + 60_000 },
});

describe('a gateway whose PLCs are attacked', () => {
  it('names the PLC at which a second master has connected or all connections are gone, and comes out the same a second time', async () => {
    const once = {
      ...{ seed: 3, minutes: 4, utilities: ['water'] },
      happenings: [
        happening('attack.second-master', 'water-dma-1', 5, 600),
        { ...happening('attack.exhaustion', 'water-dma-4', 10, 600), startMs: startMs + 61_000 },
      ],
    };
    const sitting = await sitBriefly(once);
    const raised = sitting.events.filter(({ type }) => type === 'alarm.raised');
    expect(raised.map(({ data }) => [data['asset'], data['kind']]).sort()).toEqual([
      ['plc-water-dma-1', 'foreign-client'],
      ['plc-water-dma-4', 'connections-exhausted'],
      ['plc-water-dma-4', 'foreign-client'],
    ]);
    expect(sitting.truths.map(({ asset }) => asset)).toEqual(['plc-water-dma-1', 'plc-water-dma-4']);
    expect(fingerprint(await sitBriefly(once))).toBe(fingerprint(sitting));
  });

  it('finds an intruder who comes while the key is on maintenance: the engineer is one client, he another', async () => {
    const sitting = await sitBriefly({
      ...{ seed: 3, minutes: 4, utilities: ['water'] },
      happenings: [
        happening('maintenance.engineer-session', 'water-dma-3', 1, 600),
        { ...happening('attack.scan', 'water-dma-3', 5, 600), startMs: startMs + 120_000 },
      ],
    });
    const raised = sitting.events.filter(({ type }) => type === 'alarm.raised');
    expect(raised.map(({ data }) => [data['asset'], data['kind']])).toEqual([['plc-water-dma-3', 'foreign-client']]);
  });

  it('says nothing of an engineer whose key is on maintenance', async () => {
    const sitting = await sitBriefly({
      ...{ seed: 3, minutes: 8, utilities: ['water'] },
      happenings: [happening('maintenance.engineer-session', 'water-dma-3', 1, 300)],
    });
    expect(sitting.truths.map(({ decoy }) => decoy)).toEqual([true]);
    expect(sitting.events.filter(({ type }) => type === 'alarm.raised')).toEqual([]);
  });
});
