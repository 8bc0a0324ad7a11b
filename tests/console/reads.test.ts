import { describe, expect, it } from 'vitest';
import type { AlarmsView, HistoryView, InspectionView } from '../../edge/console/wire.ts';
import { json } from './raw-request.ts';

import { acknowledge, city, clock, own, send, useConsole } from './served-console.ts';

useConsole();

describe('reads', () => {
  it('gives model, alarms, devices and history with null where there is no number', async () => {
    const model = JSON.parse((await send('GET', '/api/model')).body);
    expect(model.gateway.id).toBe('hrb-07');
    expect(model.tags).toHaveLength(city.source.live.values.length);
    city.lose('gas-gate');
    city.step();
    city.raise({ asset: 'gate-1', kind: 'bad-data', value: Number.NaN, priority: 'low' });
    city.raise({ asset: 'reg-1', kind: 'cabinet-leak', safety: true, priority: 'critical' });
    const view: AlarmsView = JSON.parse((await send('GET', '/api/alarms')).body);
    expect(view.alarms.map((alarm) => [alarm.id, alarm.value])).toEqual([
      ['reg-1/cabinet-leak', 186.4],
      ['gate-1/bad-data', null],
    ]);
    const devices = JSON.parse((await send('GET', '/api/devices')).body);
    expect(devices.devices.find((device: { id: string }) => device.id === 'gas-gate').state).toBe('backing-off');
    const now = clock.wallMs();
    const tag = encodeURIComponent(model.tags[0].name);
    const history: HistoryView = JSON.parse(
      (await send('GET', `/api/history?tag=${tag}&from=${now - 600_000}&to=${now}`)).body,
    );
    expect(history.values.length).toBe(600);
    expect(history.values).toContain(null);
  });

  it('tells when alarms of some assets stood, those that are over included', async () => {
    const [now, own] = [clock.wallMs(), ['dma-2', 'sub-6']];
    for (const asset of [...own, 'dma-3']) city.raise({ asset, kind: 'burst', priority: 'low' });
    city.clear('dma-2/burst');
    const ask = async (from: number, to: number) =>
      JSON.parse((await send('GET', `/api/alarm-times?assets=${own}&from=${from}&to=${to}`)).body).times;
    expect(await ask(now - 10, now + 10)).toMatchObject([
      { asset: 'sub-6', kind: 'burst', priority: 'low', raisedAt: now },
      { asset: 'dma-2', kind: 'burst', raisedAt: now, clearedAt: now },
    ]);
    expect(await ask(now + 10, now + 20)).toMatchObject([{ asset: 'sub-6' }]);
    expect(await ask(now - 20, now - 10)).toEqual([]);
  });

  it('gives one device with its wire, its requests, and its frames as digits and words', async () => {
    const view: InspectionView = JSON.parse((await send('GET', '/api/device?id=gas-gate')).body);
    expect(view.status).toMatchObject({ id: 'gas-gate', groups: [{ periodMs: 1000 }, { periodMs: 10_000 }] });
    expect(view.requests.at(-1)).toMatchObject({ state: 'refused', reason: { en: '2 illegal data address' } });
    expect(view.frames[1]).toEqual({
      ...{ at: expect.any(Number), direction: 'received', roundTripMs: 8.7 },
      hex: '00000000000b0103080001000700080009',
      text: {
        zh: '站号 1 · 03 应答 读保持寄存器 40001–40004：8 字节',
        en: 'unit 1 · 03 answers to read holding 40001–40004: 8 bytes',
      },
    });
  });

  it.each([
    ['/api/device', 400],
    ['/api/device?id=nobody', 404],
    ['/api/device?id=gas-gate&id=a', 400],
    ['/api/history', 400],
    ['/api/alarm-times', 400],
    ['/api/alarm-times?assets=a&from=x&to=1', 400],
    ['/api/history?tag=a&from=0&to=1', 404],
    ['/api/history?tag=a&from=x&to=1', 400],
    ['/api/history?tag=a&from=0&to=1&points=1e9', 400],
    ['/api/history?tag=a&from=0&to=1&other=1', 400],
    ['/api/history?tag=a&tag=b&from=0&to=1', 400],
  ])('answers %s with %i and a coded problem', async (path, status) => {
    const answer = await send('GET', path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: expect.stringMatching(/^LL-CONSOLE-/),
      next: expect.any(String),
    });
  });
});

describe('verdicts', () => {
  const judge = (body: unknown) =>
    send('POST', '/api/verdict', { ...json, ...own() }, JSON.stringify({ by: '张工', ...(body as object) }));

  it('are kept with the alarm, counted by detector, and refused where they mean another alarm or none', async () => {
    const alarm = city.raise({ asset: 'dma-2', kind: 'burst' });
    const { raisedAt } = city.source.recentAlarms(1)[0]!;
    const given = { alarm, verdict: 'nuisance', note: ' 冲洗 ' };
    expect(JSON.parse((await judge(given)).body)).toEqual({ result: 'done' });
    expect(JSON.parse((await judge({ ...given, raisedAt: raisedAt - 1 })).body)).toEqual({ result: 'raised-again' });
    expect((await judge({ ...given, alarm: 'dma-2/none' })).status).toBe(404);
    for (const wrong of [{ verdict: 'good' }, { note: 'x\u0000' }, { note: 'x'.repeat(501) }, { by: '' }])
      expect((await judge({ ...given, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
    const judgement = { verdict: 'nuisance', note: '冲洗', by: '张工', at: clock.wallMs() };
    const view = JSON.parse((await send('GET', '/api/verdicts', own())).body);
    expect(view.recent).toMatchObject([{ id: alarm, judgement }]);
    expect(view.detectors).toEqual([
      {
        ...{ detector: 'limit', raised: 1, useful: 0, nuisance: 1, wrongCause: 0, planned: 0 },
        ...{ nuisanceShare: 1, wrongCauseShare: 0 },
      },
    ]);
    expect(JSON.parse((await send('GET', '/api/alarms', own())).body).alarms).toMatchObject([{ judgement }]);
  });
});

describe('acknowledgement', () => {
  it('reaches the alarm once and says when there is nothing left to acknowledge', async () => {
    const id = city.raise({ asset: 'dma-2', kind: 'burst' });
    expect(JSON.parse((await acknowledge(id)).body)).toEqual({ result: 'done' });
    expect(JSON.parse((await acknowledge(id)).body)).toEqual({ result: 'already' });
    expect((await acknowledge('dma-2/none')).status).toBe(404);
    expect(city.acknowledged).toEqual([{ id, by: '张工' }]);
  });

  it.each([
    ['an oversized body', `{"alarm":"${'x'.repeat(5000)}","by":"a"}`, json, 413],
    ['another content type', '{"alarm":"a/b","by":"a"}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'alarm=a&by=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['broken JSON', '{"alarm":', json, 400],
    ['an unknown field', '{"alarm":"a/b","by":"a","force":true}', json, 400],
    ['control characters in the name', '{"alarm":"a/b","by":"a\\nb"}', json, 400],
    ['a polluted prototype', '{"__proto__":{"by":"a"},"alarm":"a/b","by":"a"}', json, 400],
  ])('refuses %s and still serves the next request', async (_, body, headers, status) => {
    const answer = await send('POST', '/api/acknowledge', { ...headers, ...own() }, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).code).toBe('LL-CONSOLE-REQUEST');
    expect((await send('GET', '/api/alarms')).status).toBe(200);
  });
});
