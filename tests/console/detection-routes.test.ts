import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimCourseView, DetectionView, ModelsView, WatchedView } from '../../edge/console/detection-wire.ts';
import type { IncidentsView, IncidentView } from '../../edge/console/incident-wire.ts';
import { type Console, type ConsoleOptions, createConsole } from '../../edge/console/server.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, type Fixture, onLoopback } from './fixture.ts';

let clock: VirtualClock;
let city: Fixture;
let server: Console;
let url: string;

beforeEach(() => serve('engineer'));
afterEach(() => server.stop());

async function serve(role: ConsoleOptions['localRole']): Promise<void> {
  await server?.stop();
  clock = new VirtualClock(Date.UTC(2026, 0, 15, 4));
  city = createFixture(clock, { spareTags: 2 });
  server = createConsole({ ...onLoopback(role), source: city.source, clock });
  url = (await server.start()).url;
}

const read = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
const change = async (wish: unknown) => {
  const headers = { 'content-type': 'application/json', origin: url };
  const answer = await fetch(`${url}/api/model-change`, { method: 'POST', headers, body: JSON.stringify(wish) });
  return { status: answer.status, body: (await answer.json()) as { code?: string; result?: string } };
};
const promotion = { change: 'promote', asset: 'dma-3', version: 2, by: '李工' };

describe('what is watched', () => {
  it('is listed by asset, what claims first, with the rung reached, masks and out of model', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst' });
    const view = await read<DetectionView>('/api/detection');
    expect(view.total).toBe(city.source.description.assets.length);
    expect(view.assets.map(({ asset }) => asset).slice(0, 2)).toEqual(['dma-3', 'dma-4']);
    expect(view.assets[0]).toMatchObject({ claimed: 1, rung: 3, score: 0.93, outsideShare: 0 });
    expect(view.assets[1]).toMatchObject({ outOfModel: true, outsideShare: 58 / 1440 });
    const cold = view.assets.find(({ asset }) => asset.startsWith('reg'));
    expect(cold).toMatchObject({ rung: 1, waiting: 2 });
    expect(view.calibration).toMatchObject({ by: 'lifeline calibrate', last: '2026-01-14' });
    const residual = view.rungs.find(({ detector }) => detector === 'residual')!;
    expect(residual.watching + residual.outOfModel + residual.uncalibrated).toBe(residual.watches);
  });

  it('is set by a budget: what is asked, expected and had, which limits verdicts widened and how much history is wanted', async () => {
    for (const id of ['dma-3', 'dma-4', 'dma-2']) city.raise({ asset: id, kind: 'burst' });
    await city.source.acts.judge('dma-3/burst', { verdict: 'nuisance', note: '', by: '张工' });
    await city.source.acts.judge('dma-2/burst', { verdict: 'useful', note: '', by: '张工' });
    await clock.advance(2 * 86_400_000);
    const { budget, widened, widenedTotal, rungs, total } = await read<DetectionView>('/api/detection');
    expect(budget).toMatchObject({ wanted: 0.02, tolerance: 1.13, expected: 0.018, supported: [0.0053, 0.043] });
    expect(budget.counted).toEqual({ days: 2, raised: 3, nuisance: 1, unjudged: 1 });
    expect(budget.realised?.map((rate) => (rate * total * 2) / 7)).toEqual([1, 2].map((one) => expect.closeTo(one, 9)));
    expect([widenedTotal, widened]).toMatchObject([1, [{ asset: 'dma-4', kind: 'burst', factor: 1.25 }]]);
    const wanted = Object.fromEntries(rungs.map(({ detector, historyDays }) => [detector, historyDays]));
    expect(wanted).toMatchObject({ residual: 14, 'district-burst': 0, limit: 0 });
  });

  it('is proposed to be calibrated anew, until an engineer has seen to it, once', async () => {
    const proposed = async () => (await read<DetectionView>('/api/detection')).proposals.map(({ asset }) => asset);
    const settle = async () => {
      const headers = { 'content-type': 'application/json', origin: url };
      const body = JSON.stringify({ asset: 'dma-4', by: '李工' });
      return (await fetch(`${url}/api/recalibration-settle`, { method: 'POST', headers, body })).status;
    };
    expect(await proposed()).toEqual(['dma-4']);
    expect(await settle()).toBe(200);
    expect(city.settled).toEqual([{ asset: 'dma-4', by: '李工' }]);
    expect(await proposed()).toEqual([]);
    expect(await settle()).toBe(404);
    await serve('operator');
    expect(await settle()).toBe(403);
    expect(await proposed()).toEqual(['dma-4']);
  });

  it('is told of one asset claim by claim, with its meaning in both languages and what waits', async () => {
    const view = await read<WatchedView>('/api/detection/asset?id=dma-4');
    const leakage = view.watches.find(({ kind }) => kind === 'background-leakage');
    expect(leakage).toMatchObject({ state: 'waiting', reason: 'night', meaning: { zh: '夜间最小流量上升，多为暗漏' } });
    expect(Object.values(view.outOfModel!.beyond)).toEqual([{ low: 20, high: 80, lowest: 20, highest: 96.5 }]);
  });

  it('is drawn from history with null where nobody can say', async () => {
    const to = clock.wallMs();
    const { course: view } = await read<ClaimCourseView>(
      `/api/detection/course?asset=dma-3&kind=burst&to=${to}&hours=1`,
    );
    expect(view).toMatchObject({ quantity: 'net-inflow', unit: 'L/s' });
    for (const column of ['times', 'observed', 'expected', 'low', 'high'] as const)
      expect(view?.[column]).toHaveLength(60);
    const none = await read<ClaimCourseView>(`/api/detection/course?asset=dma-3&kind=none&to=${to}`);
    expect(none).toEqual({ course: null });
  });

  it.each([
    ['/api/detection/asset', 400],
    ['/api/detection/asset?id=nobody', 404],
    ['/api/detection/asset?id=dma-4&id=dma-3', 400],
    ['/api/detection/course?asset=nobody&kind=burst&to=1e12', 404],
    ['/api/detection/course?asset=dma-3&kind=burst&to=x', 400],
    ['/api/detection/course?asset=dma-3&kind=burst&to=1e12&hours=25', 400],
    ['/api/incident?id=none', 404],
  ])('is refused where it is asked wrongly: %s', async (path, status) => {
    expect((await fetch(`${url}${path}`)).status).toBe(status);
  });
});

describe('incidents', () => {
  it('are told in the words of their root, and one of them with its alarms in the order in which they came', async () => {
    expect(await read<IncidentsView>('/api/incidents')).toEqual({ total: 0, incidents: [], closed: [] });
    city.raise({ asset: 'dma-3', kind: 'burst', message: { zh: '爆管', en: 'Burst' } });
    city.raise({ asset: 'dma-3', kind: 'pressure-low', value: Number.NaN });
    const { total, incidents } = await read<IncidentsView>('/api/incidents');
    expect(total).toBe(1);
    expect(incidents[0]).toMatchObject({
      root: 'dma-3/burst',
      message: { en: 'Burst' },
      members: 2,
      standing: 2,
      assets: ['dma-3'],
    });
    const one = await read<IncidentView>(`/api/incident?id=${encodeURIComponent(incidents[0]!.id)}`);
    expect(one.alarms.map(({ id, value }) => [id, value])).toEqual([
      ['dma-3/burst', 186.4],
      ['dma-3/pressure-low', null],
    ]);
  });
});

describe('models', () => {
  it('are listed with what they are, what they did and how far a trial is', async () => {
    const { versions } = await read<ModelsView>('/api/models');
    expect(versions.find(({ asset, version }) => asset === 'dma-4' && version === 2)).toMatchObject({
      ...{ role: 'shadow', trial: { rows: 310, leastRows: 864 } },
    });
  });

  it('are promoted and rolled back in the name of a person', async () => {
    expect(await change(promotion)).toEqual({ status: 200, body: { result: 'done' } });
    expect((await change({ ...promotion, change: 'roll-back' })).status).toBe(200);
    expect(city.changedModels.map((one) => [one.change, one.by])).toEqual([
      ['promote', '李工'],
      ['roll-back', '李工'],
    ]);
  });

  it('are refused by code when unproven or changed meanwhile', async () => {
    expect(await change({ ...promotion, asset: 'dma-4' })).toMatchObject({
      ...{ status: 409, body: { code: 'LL-MODEL-UNPROVEN' } },
    });
    await change(promotion);
    expect(await change(promotion)).toMatchObject({ status: 409, body: { code: 'LL-MODEL-VERSION' } });
    expect(city.changedModels).toHaveLength(1);
  });

  it.each([
    [{ ...promotion, asset: 'nobody' }, 404],
    [{ ...promotion, change: 'delete' }, 400],
    [{ ...promotion, version: 0 }, 400],
    [{ ...promotion, by: ' ' }, 400],
    [{ ...promotion, more: 1 }, 400],
  ])('are left alone when %j is asked', async (wish, status) => {
    expect((await change(wish)).status).toBe(status);
    expect(city.changedModels).toEqual([]);
  });

  it.each(['viewer', 'operator'] as const)('are not for a %s', async (role) => {
    await serve(role);
    expect(await change(promotion)).toMatchObject({ status: 403, body: { code: 'LL-CONSOLE-ROLE' } });
    expect(city.changedModels).toEqual([]);
  });
});
