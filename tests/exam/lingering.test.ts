import { describe, expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { type Grading, grade, type LabelledTruth } from '../../simulator/exam/grading.ts';
import { doubtsIn, lingersOf } from '../../simulator/exam/lingering.ts';
import { startMs } from './desk.ts';

const hourMs = 3_600_000;
const burst = {
  ...{ id: 'burst-1', kind: 'water.burst', target: 'dma-2', magnitude: 60, startMs, durationS: 1800 },
};
const gateway = { assets: [], tags: new TagTable([]), devices: [] };

describe('what a happening did', () => {
  it('is felt for as long as a twin city without it differs at the asset', async () => {
    const doubt = (asset: string, hours: number) => ({ happening: burst, asset, atMs: startMs + hours * hourMs });
    // the second is asked about ten seconds after the first
    const doubts = [doubt('tank-1', 2), doubt('tank-1', 2 + 10 / 3600), doubt('dma-3', 4)];
    const lingers = await lingersOf({ seed: 5, utilities: ['water'], doubts });
    expect(doubts.map((one) => lingers(one))).toEqual([true, true, false]);
    expect(lingers(doubt('tank-1', 3))).toBe(false);
  });

  it('is asked about for false alarms that came late on what it touched, and on nothing else', () => {
    const truth: LabelledTruth = {
      ...{ happening: burst, decoy: false, asset: 'dma-2', affected: ['tank-1'] },
      ...{ text: { zh: '', en: '' }, level: undefined },
    };
    const at = (hours: number) => startMs + burst.durationS * 1000 + hours * hourMs;
    const raised = (asset: string, hours: number): Event => ({
      ...{
        type: 'alarm.raised',
        time: at(hours),
        subject: asset,
        utility: 'water',
        stream: 's',
        epoch: 'e',
        sequence: 1,
      },
      data: { asset, kind: 'level-low', utility: 'water', riskLevel: 'II', message: { zh: '', en: '' } },
    });
    const events = [raised('tank-1', 0.5), raised('tank-1', 2), raised('dma-3', 2), raised('tank-1', 7)];
    const options = { truths: [truth], events, gateway, observable: new Set([burst.id]), endMs: at(24) };
    const first: Grading = grade(options);
    expect(first.falseAlarms).toHaveLength(3);
    expect(doubtsIn(first)).toEqual([{ happening: burst, asset: 'tank-1', atMs: at(2) }]);
    const again = grade({ ...options, lingers: ({ atMs }) => atMs === at(2) });
    expect(again.falseAlarms.map(({ asset, raisedMs }) => [asset, raisedMs])).toEqual([
      ['dma-3', at(2)],
      ['tank-1', at(7)],
    ]);
  });
});
