import { describe, expect, it } from 'vitest';
import { withPlace } from '../../edge/alarms/place-words.ts';
import { alarmFromEvent } from '../../edge/alarms/record.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import type { Finding, Place } from '../../edge/core/finding.ts';
import type { PackAlarm } from '../../edge/core/pack.ts';

const { packs } = await loadPacks('models');
const message = { zh: '二区疑似爆管', en: 'District 2: main burst suspected' };
const at = (id: string, probability: number): Place => ({
  ...{ id, probability, location: [126.65, 45.75], distanceM: 0, withinM: 260 },
});

describe('the message of an alarm', () => {
  it.each([
    [
      'names three candidates that are worth a way, in both languages',
      [at('J-117', 0.6), at('P-23', 0.204), at('J-4', 0.1), at('J-5', 0.1)],
      '二区疑似爆管；最可能在 J-117 (0.6)、P-23 (0.2)、J-4 (0.1) 附近',
      'District 2: main burst suspected; most likely near J-117 (0.6), P-23 (0.2), J-4 (0.1)',
    ],
    [
      'leaves out those that are not',
      [at('J-117', 0.9), at('P-23', 0.09)],
      '二区疑似爆管；最可能在 J-117 (0.9) 附近',
      'District 2: main burst suspected; most likely near J-117 (0.9)',
    ],
    ['is as it was where none stands out', [at('J-117', 0.09)], message.zh, message.en],
    ['is as it was where nobody can say', undefined, message.zh, message.en],
  ])('%s', (_, place, zh, en) => {
    expect(withPlace(message, place)).toEqual({ zh, en });
  });
});

it('an alarm calls places and points by their names where the catalogue has them', () => {
  const register = new AlarmRegister({
    subject: (id) => ({ id, name: id, utility: 'instrument', grid: '', location: undefined }),
    alarm: () => ({
      ...({} as PackAlarm),
      message: { zh: '测点 {tag}', en: 'The point {tag}' },
      cause: message,
      response: message,
    }),
    tagName: (tag, asset) => (tag === 'ps-3/flow' ? { zh: `${asset} 流量`, en: `Flow of ${asset}` } : undefined),
  });
  const [change] = register.take({
    ...{ asset: 'dma-2', kind: 'burst', from: 'burst', active: true, score: 1, time: 1000 },
    evidence: [{ tag: 'ps-3/flow', observed: 1, expected: 2, unit: '', windowS: 60 }],
    place: [at('ps-3/flow', 0.7), at('J-117', 0.3)],
  });
  expect(change?.alarm.message).toEqual({
    zh: '测点 dma-2 流量；最可能在 dma-2 流量 (0.7)、J-117 (0.3) 附近',
    en: 'The point Flow of dma-2; most likely near Flow of dma-2 (0.7), J-117 (0.3)',
  });
});

describe('a cut lighting cable', () => {
  it.each([
    ['zh', '约 38% 的负荷仍在'],
    ['en', 'behind the first 38 % or so'],
  ] as const)('is told with the share of the load that is left before the cut (%s)', (language, words) => {
    const register = new AlarmRegister({
      subject: (id) => ({ id, name: id, utility: 'lighting', grid: '', location: undefined }),
      alarm: (_, kind) => packs.get('lighting')?.assets['circuit']?.alarms[kind],
    });
    const [change] = register.take({
      ...{ asset: 'circuit-3', kind: 'cable-theft', from: 'residual', active: true, score: 1, time: 1000 },
      evidence: [{ tag: 'box/power', observed: 4.56, expected: 12, unit: 'kW', windowS: 60 }],
    });
    expect(change?.alarm.message[language]).toContain(words);
    expect(change?.alarm.response[language]).toContain('38');
  });
});

describe('an alarm with a place', () => {
  const text = { zh: '', en: '' };
  const pack = {
    priority: 'critical',
    riskLevel: 'II',
    safety: false,
    message,
    cause: text,
    response: text,
  } as PackAlarm;
  const register = new AlarmRegister({
    subject: (id) => ({ id, name: id, utility: 'water', grid: '', location: [126.65, 45.75] }),
    alarm: () => pack,
  });
  const finding: Finding = {
    ...{ asset: 'dma-2', kind: 'burst', from: 'district-burst', active: true, score: 0.9, time: 1000, evidence: [] },
    place: [at('J-117', 0.6)],
  };

  it('tells it upstream beside the asset’s own location, and has it again after a restart', () => {
    const [change] = register.take(finding);
    expect(change?.event.data).toMatchObject({ location: [126.65, 45.75], place: finding.place });
    const event = { ...change!.event, stream: 'events', epoch: 'e', sequence: 1 };
    expect(alarmFromEvent(event)?.finding.place).toEqual(finding.place);
  });

  it('tells another one while it stands, acknowledged or not, and has that again after a restart', () => {
    register.acknowledge('dma-2/burst', 'li', 2000);
    const [change] = register.take({ ...finding, time: 3000, score: 0.99, place: [at('P-23', 0.8), at('J-117', 0.1)] });
    expect(change?.event).toMatchObject({
      type: 'alarm.changed',
      time: 3000,
      data: {
        ...{ state: 'active-acknowledged', acknowledgedBy: 'li', raisedAt: 1000, score: 0.9 },
        place: [at('P-23', 0.8), at('J-117', 0.1)],
        message: { en: 'District 2: main burst suspected; most likely near P-23 (0.8), J-117 (0.1)' },
      },
    });
    expect(register.get('dma-2/burst')).toMatchObject({ state: 'active-acknowledged', message: change?.alarm.message });
    const again = new AlarmRegister({ subject: () => undefined, alarm: () => pack });
    again.restore({ ...change!.event, stream: 'events', epoch: 'e', sequence: 2 });
    expect(again.get('dma-2/burst')).toEqual(change?.alarm);
  });

  it('does not take one of another detector, nor one of what is over', () => {
    expect(register.take({ ...finding, from: 'other', time: 4000, place: [at('J-4', 0.9)] })).toEqual([]);
    register.take({ ...finding, active: false, time: 5000 });
    expect(register.get('dma-2/burst')?.finding.place?.[0]?.id).toBe('P-23');
  });
});
