import { describe, expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import type { Event } from '../../edge/core/event.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { Selection } from '../../edge/upstream/selection.ts';

const point = (name: string, more = {}) => ({
  ...{ name: `plc/${name}`, device: 'plc', point: name, unit: '', scale: 1, offset: 0, low: 0, high: 1, deadband: 0 },
  ...{ periodMs: 1000, description: '', ...more },
});
const tags = new TagTable([
  point('flow'),
  point('pump', { states: { 0: '停', 1: '运行' } }),
  point('ch4'),
  point('volume', { class: 'counter' }),
]);
const asset = (id: string, type: string, roles: Record<string, number>) => ({
  ...{ id, type, name: id, grid: '', location: undefined, upstreamOf: [], roles },
});
const assets = [
  asset('ps', 'water.pump-station', { flow: 0, state: 1, volume: 3 }),
  asset('room', 'gas.room', { ch4: 2, flow: 0 }),
];

const event = (utility: string, data: Record<string, unknown> = {}): Event => ({
  ...{ type: 'alarm.raised', time: 0, subject: 'ps', utility, data, stream: 'journal', epoch: 'e', sequence: 1 },
});

function picked(selection: Selection): number[] {
  const batch = createBatch('plc', 4, 0);
  for (let row = 0; row < 4; row++) batch.tags[row] = row;
  return [...selection.pick(batch).tags];
}

describe('the selection of a sink', () => {
  it('takes everything when nothing is said', () => {
    const all = new Selection({}, tags, assets);
    expect(picked(all)).toEqual([0, 1, 2, 3]);
    expect(all.wantsEvent(event('water', { priority: 'low' }))).toBe(true);
  });

  it('takes the values and events of the named utilities, and what the gateway says of itself', () => {
    const gas = new Selection({ utilities: ['gas'] }, tags, assets);
    expect(picked(gas)).toEqual([0, 2]);
    expect([event('gas'), event('water'), event('gateway'), event('')].map((one) => gas.wantsEvent(one))).toEqual([
      ...[true, false, true, true],
    ]);
  });

  it('takes values by class: as the point table says, else by what the point is', () => {
    expect(picked(new Selection({ classes: ['counter', 'state'] }, tags, assets))).toEqual([1, 3]);
    expect(picked(new Selection({ classes: ['measurement'] }, tags, assets))).toEqual([0, 2]);
  });

  it('takes alarms by priority, but never leaves a safety alarm behind', () => {
    const high = new Selection({ priorities: ['critical', 'high'] }, tags, assets);
    expect(high.wantsEvent(event('water', { priority: 'high' }))).toBe(true);
    expect(high.wantsEvent(event('water', { priority: 'low' }))).toBe(false);
    expect(high.wantsEvent(event('gas', { priority: 'low', safety: true }))).toBe(true);
    expect(high.wantsEvent(event('water', { incident: 'i-1' }))).toBe(true);
  });
});
