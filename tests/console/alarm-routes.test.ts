import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HistoryPage } from '../../edge/console/alarm-history-api.ts';
import type { AlarmListView } from '../../edge/console/alarm-wire.ts';
import { type Console, createConsole } from '../../edge/console/server.ts';
import type { AlarmsView } from '../../edge/console/wire.ts';
import type { AlarmPerformance } from '../../edge/core/alarm-performance.ts';
import { Quality } from '../../edge/core/quality.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, type Fixture, onLoopback } from './fixture.ts';

let folder: string;
let clock: VirtualClock;
let city: Fixture;
const servers: Console[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-alarm-routes-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  clock = new VirtualClock(Date.UTC(2026, 0, 15, 4));
  city = createFixture(clock, { spareTags: 2 });
});
afterAll(async () => {
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true });
});

/** A console whose callers have that role, and how it is asked. */
async function console(role: 'operator' | 'engineer', of = city) {
  const server = createConsole({ ...onLoopback(role), source: of.source, clock, page: pathToFileURL(`${folder}/`) });
  servers.push(server);
  const { url } = await server.start();
  const ask = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
    const init = body ? { method: 'POST', headers, body: JSON.stringify({ by: '张工', ...body }) } : {};
    const response = await fetch(new URL(`/api/${path}`, url), init);
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, code: answer['code'] ?? answer['result'], answer };
  };
  const alarms = async () => (await ask('alarms')).answer as unknown as AlarmsView;
  return { ask, alarms };
}

describe('routes of alarms', () => {
  it('deal with all of a list that pass a filter, each by the same rules, and tell what was refused', async () => {
    const own = createFixture(clock, { spareTags: 2 });
    const { ask } = await console('operator', own);
    for (const at of [1, 2, 3]) own.raise({ asset: `dma-${at}`, kind: 'bulk', priority: 'low' });
    const wish = { act: 'shelve', list: 'standing', words: 'bulk', seenAt: clock.wallMs(), note: '演练' };
    expect((await ask('alarm-list-act', { ...wish, minutes: 481 })).answer).toMatchObject({
      ...{ done: 0, refused: 3, left: 0 },
      problem: { code: 'LL-ALARM-SHELVE-TIME' },
    });
    expect((await ask('alarm-list-act', { ...wish, seenAt: clock.wallMs() - 1 })).answer).toMatchObject({
      done: 0,
      left: 3,
    });
    expect((await ask('alarm-list-act', wish)).answer).toEqual({ done: 3, refused: 0, left: 0, problem: null });
    expect(own.source.alarms().map(({ state }) => state)).toEqual(['shelved', 'shelved', 'shelved']);
    const back = { act: 'unshelve', list: 'shelved', seenAt: clock.wallMs() };
    expect((await ask('alarm-list-act', back)).answer).toMatchObject({ done: 3 });
    expect(await ask('alarm-list-act', { ...wish, list: 'suppressed' })).toMatchObject({ status: 400 });
  });

  it('shelve, bring back, comment and acknowledge with a note, or say why not', async () => {
    const { ask, alarms } = await console('operator');
    const alarm = city.raise({ asset: 'dma-3', kind: 'burst' });
    const shelving = { alarm, reason: '抢修', minutes: 60 };
    expect(await ask('shelve', { ...shelving, reason: ' ' })).toMatchObject({ status: 400 });
    expect(await ask('shelve', { ...shelving, minutes: 481 })).toMatchObject({
      status: 409,
      code: 'LL-ALARM-SHELVE-TIME',
    });
    expect(await ask('shelve', { ...shelving, alarm: 'dma-3/none' })).toMatchObject({ status: 404 });
    expect(await ask('shelve', shelving)).toMatchObject({ status: 200, code: 'done' });
    expect(await alarms()).toMatchObject({
      total: 0,
      hiddenTotal: 1,
      hidden: [{ id: alarm, shelving: { by: '张工' } }],
    });
    expect(await ask('unshelve', { alarm })).toMatchObject({ code: 'done' });
    expect(await ask('unshelve', { alarm })).toMatchObject({ code: 'already' });
    expect(await ask('reset', { alarm })).toMatchObject({ code: 'already' });
    expect(await ask('comment', { alarm, text: '已到场' })).toMatchObject({ code: 'done' });
    expect(await ask('acknowledge', { alarm, note: '阀门已关' })).toMatchObject({ code: 'done' });
    expect((await alarms()).alarms).toMatchObject([
      { id: alarm, state: 'active-acknowledged', comments: [{ text: '已到场' }] },
    ]);
    const gas = city.raise({ asset: 'reg-1', kind: 'cabinet-leak', safety: true });
    expect(await ask('shelve', { ...shelving, alarm: gas })).toMatchObject({
      status: 409,
      code: 'LL-ALARM-SHELVE-SAFETY',
    });
  });

  it('hang a maintenance tag on what there is and take it off', async () => {
    const { ask, alarms } = await console('operator');
    const tag = { subject: 'sub-6', reason: '换泵', minutes: 240 };
    expect(await ask('maintenance', { ...tag, subject: 'nobody' })).toMatchObject({ status: 404 });
    expect(await ask('maintenance', { ...tag, minutes: 60 * 24 * 31 })).toMatchObject({ code: 'LL-ALARM-TAG-TIME' });
    expect(await ask('maintenance', tag)).toMatchObject({ code: 'done' });
    city.raise({ asset: 'sub-6', kind: 'room-cold' });
    const { hidden, maintenance } = await alarms();
    expect(maintenance).toMatchObject([{ subject: 'sub-6', by: '张工', reason: '换泵' }]);
    expect(hidden).toMatchObject([{ id: 'sub-6/room-cold', state: 'out-of-service', hiddenBy: '换泵 (张工)' }]);
    expect(await ask('maintenance-end', { subject: 'sub-6' })).toMatchObject({ code: 'done' });
    expect(await ask('maintenance-end', { subject: 'sub-6' })).toMatchObject({ status: 404 });
    expect((await alarms()).hidden).toEqual([]);
  });

  it('set a value by hand for an engineer alone', async () => {
    const index = city.source.description.tags.findIndex(({ shows, unit }) => !shows && unit === 'm3/h');
    const { name: tag, low } = city.source.description.tags[index]!;
    const wish = { tag, value: low, reason: '拆检', minutes: 60 };
    expect(await (await console('operator')).ask('manual-value', wish)).toMatchObject({ status: 403 });
    const { ask, alarms } = await console('engineer');
    expect(await ask('manual-value', { ...wish, value: 1e9 })).toMatchObject({ status: 409, code: 'LL-MANUAL-RANGE' });
    expect(await ask('manual-value', wish)).toMatchObject({ code: 'done' });
    expect([city.source.live.values[index], city.source.live.quality[index]]).toEqual([low, Quality.substituted]);
    expect((await alarms()).manual).toMatchObject([{ tag, value: low, by: '张工' }]);
    const test = { ...wish, value: 1e9, simulated: true };
    expect(await (await console('operator')).ask('manual-value', test)).toMatchObject({ status: 403 });
    expect(await ask('manual-value', test)).toMatchObject({ status: 409, code: 'LL-MANUAL-TEST-TIME' });
    expect(await ask('manual-value', { ...test, minutes: 30 })).toMatchObject({ code: 'done' });
    expect((await alarms()).manual).toMatchObject([{ tag, value: 1e9, simulated: true, real: expect.any(Number) }]);
    expect(await ask('manual-value-end', { tag })).toMatchObject({ code: 'done' });
    expect((await alarms()).manual).toEqual([]);
  });

  it('show every safety alarm, acknowledged or not, whatever else there is', async () => {
    const { ask, alarms } = await console('operator');
    const gas = Array.from({ length: 5 }, (_, at) => city.raise({ asset: 'reg-1', kind: `gas-${at}`, safety: true }));
    for (const alarm of gas) expect(await ask('acknowledge', { alarm })).toMatchObject({ code: 'done' });
    for (let at = 0; at < 600; at++)
      city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}`, priority: 'critical' });
    const { total, alarms: shown, flood } = await alarms();
    expect([total > 605, shown.length, flood !== null]).toEqual([true, 500, true]);
    const ids = shown.map(({ id }) => id);
    expect(gas.filter((id) => !ids.includes(id))).toEqual([]);
    expect(shown[0]).toMatchObject({ safety: true, state: 'active-unacknowledged' });
  });

  it('count every alarm of each asset, utility and priority, whatever is sent, and page, filter and search all of them', async () => {
    const other = createFixture(clock, { spareTags: 2 });
    const { ask, alarms } = await console('operator', other);
    for (let at = 0; at < 1_000; at++)
      other.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}`, priority: at % 4 === 0 ? 'critical' : 'high' });
    await clock.advance(1);
    const late = other.raise({
      asset: 'sub-6',
      kind: 'room-cold',
      priority: 'low',
      cause: { zh: '阀门', en: 'Valve shut' },
    });
    for (const kind of ['burst', 'flow']) {
      const alarm = other.raise({ asset: 'dma-3', kind, priority: 'low' });
      expect(await ask('acknowledge', { alarm })).toMatchObject({ code: 'done' });
    }
    const { tallies, alarms: sent } = await alarms();
    expect(tallies.priorities).toEqual({ critical: [250, 250], high: [750, 750], medium: [0, 0], low: [3, 1] });
    expect(new Map(tallies.assets.map(([id, ...of]) => [id.split('/')[0], of]))).toEqual(
      new Map<string, number[]>([
        ...Array.from({ length: 8 }, (_, at) => [`zone-${at + 1}`, [125, at % 4 === 0 ? 0 : 2]] as const),
        ['sub-6', [1, 6]],
        ['dma-3', [2, 7]],
      ] as [string, number[]][]),
    );
    expect(tallies.utilities['heating']).toEqual([late, 1, 6]);
    expect(sent.map(({ id }) => id)).toContain(late);
    const list = async (query: string) => (await ask(`alarm-list?${query}`)).answer as unknown as AlarmListView;
    const seen = new Set<string>();
    for (let from = 0; from < 1_003; from += 100)
      for (const { id } of (await list(`from=${from}`)).alarms) seen.add(id);
    expect(seen.size).toBe(1_003);
    expect(await list('from=5000')).toMatchObject({ total: 1_003, from: 1_000 });
    expect(await list('priority=critical&asset=zone-5&most=3')).toMatchObject({ total: 125, alarms: { length: 3 } });
    expect(await list('words=VALVE%20sub')).toMatchObject({ total: 1, alarms: [{ id: late }] });
    expect(await list('utility=water&unacknowledged=true&words=dma-3')).toMatchObject({ total: 0 });
    expect(await ask('alarm-list?most=501')).toMatchObject({ status: 400 });
    expect(await ask('shelve', { alarm: late, reason: '抢修', minutes: 60 })).toMatchObject({ code: 'done' });
    expect(await list('list=shelved')).toMatchObject({ total: 1, alarms: [{ id: late }] });
    expect((await alarms()).tallies.shelved).toBe(1);
  });

  it('show one alarm whatever became of it, with its consequence and the time to respond', async () => {
    const { ask } = await console('operator');
    const consequence = { zh: '断水', en: 'No water' };
    const alarm = city.raise({ asset: 'dma-4', kind: 'burst', priority: 'critical', consequence });
    const shown = { alarm: { id: alarm, state: 'active-unacknowledged' }, consequence, respondWithinMin: 5 };
    expect((await ask(`alarm?id=${alarm}`)).answer).toMatchObject(shown);
    expect(await ask('acknowledge', { alarm })).toMatchObject({ code: 'done' });
    city.clear(alarm);
    expect((await ask(`alarm?id=${alarm}`)).answer).toMatchObject({ alarm: { id: alarm, state: 'normal' } });
    expect(await ask('alarm?id=dma-4/none')).toMatchObject({ status: 404, code: 'LL-CONSOLE-NOT-FOUND' });
  });

  it('find past events with who did it and what they said, newest first, and show an alarm as one of them tells', async () => {
    const { ask } = await console('operator');
    const alarm = city.raise({ asset: 'dma-2', kind: 'burst', message: { zh: '爆管', en: 'Burst at six' } });
    await ask('acknowledge', { alarm, note: '阀门已关' });
    await ask('shelve', { alarm, reason: '抢修', minutes: 60 });
    await ask('comment', { alarm, text: '已到场' });
    await ask('verdict', { alarm, verdict: 'useful', note: '属实' });
    await ask('maintenance', { subject: 'dma-2', reason: '换阀', minutes: 60 });
    await ask('maintenance-end', { subject: 'dma-2' });
    const find = async (query: string) => (await ask(`alarm-history?${query}`)).answer as unknown as HistoryPage;
    const { lines, next } = await find('asset=dma-2');
    const told = lines.map(({ type, by, note }) => [type, by, note]).filter(([, by]) => by !== '');
    expect(told).toEqual([
      // what a tag kept out of view is back on its shelf
      ['alarm.shelved', '张工', '抢修'],
      ['maintenance.ended', '张工', ''],
      ['maintenance.began', '张工', '换阀'],
      ['alarm.judged', '张工', 'useful: 属实'],
      ['alarm.commented', '张工', '已到场'],
      ['alarm.shelved', '张工', '抢修'],
      ['alarm.acknowledged', '张工', '阀门已关'],
    ]);
    expect(next).toBe(null);
    const raised = (await find('type=alarm.raised&words=burst%20six')).lines[0]!;
    expect(raised).toMatchObject({ alarm, priority: 'high', text: { en: 'Alarm: Burst at six' } });
    const page = await find('most=2&asset=dma-2');
    expect(page.lines).toHaveLength(2);
    expect((await find(`asset=dma-2&before=${page.next}`)).lines).toEqual(lines.slice(2));
    expect(await ask(`alarm?id=dma-2/gone&event=${raised.sequence}`)).toMatchObject({ status: 404 });
    expect(await ask('alarm-history?priority=urgent')).toMatchObject({ status: 400, code: 'LL-CONSOLE-REQUEST' });
  });

  it('tell how the alarm system does', async () => {
    const { ask } = await console('operator');
    await clock.advance(1000);
    const { status, answer } = await ask('alarm-performance?lastMs=3600000');
    const figures = answer as unknown as AlarmPerformance;
    expect([status, figures.to - figures.from, figures.announced >= 3]).toEqual([200, 3_600_000, true]);
    expect(figures.top.map(({ id }) => id)).toContain('dma-3/burst');
    expect(await ask('alarm-performance?lastMs=-1')).toMatchObject({ status: 400, code: 'LL-CONSOLE-REQUEST' });
  });
});
