import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { CityView, NowView, PointView } from '../../simulator/console/view.ts';
import { type OpenCity, openCity } from './sample-city.ts';

const clock = new VirtualClock(Date.UTC(2027, 0, 12, 2));
let open: OpenCity;

beforeAll(async () => {
  open = await openCity(clock);
});
afterAll(() => open.close());

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${open.url}${path}`);
  return (await answer.json()) as T;
}

async function post(path: string, body: unknown, origin = open.url) {
  const headers = { 'content-type': 'application/json', origin };
  const answer = await fetch(`${open.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

const burst = { kind: 'water.burst', target: 'dma-1', magnitude: 40, durationS: 600 };

describe('the desk of the city', () => {
  it('tells what the city is made of, and the targets of a kind', async () => {
    const city = await get<CityView>('/api/city');
    expect(city.utilities).toEqual(['water', 'drainage', 'plc']);
    expect(city.plcs.find(({ id }) => id === 'water-dma-1')?.assets).toContain('dma-1');
    expect(city.kinds.find(({ kind }) => kind === 'water.burst')).not.toHaveProperty('targets');
    expect(await get('/api/targets?kind=water.burst')).toContain('dma-3');
    const points = await get<readonly PointView[]>('/api/points?id=water-dma-1');
    expect(points.map(({ name }) => name)).toContain('p-inlet');
  });

  it('lets a burst begin: at its district, in the truth stream, in the physics, and once only', async () => {
    open.step(10);
    const before = open.city.plcs.find(({ id }) => id === 'water-dma-1')!.points.find(({ role }) => role === 'inflow')!;
    const usual = before.read();
    const { status, body } = await post('/api/happen', burst);
    expect([status, body['id'], body['kind']]).toEqual([200, 'by-hand-1', 'water.burst']);
    expect(open.told.at(-1)?.id).toBe('by-hand-1');
    open.step(10);
    expect(before.read()).toBeGreaterThan(usual + 50);
    const now = await get<NowView>('/api/now');
    expect(now.states['dma-1']).toBe('struck');
    expect(now.happenings.map(({ id }) => id)).toEqual(['by-hand-1']);
    expect((await get<NowView>(`/api/now?since=${now.told}`)).happenings).toEqual([]);
    const again = await post('/api/happen', burst);
    expect([again.status, again.body['message']]).toEqual([400, expect.stringContaining('LL-SCENARIO-OVERLAP')]);
    open.step(700);
    expect((await get<NowView>('/api/now')).states).toEqual({});
  });

  it('ends what goes on before its time: in the physics, in the truth stream and for a page that knew another end', async () => {
    const inflow = open.city.plcs.find(({ id }) => id === 'water-dma-1')!.points.find(({ role }) => role === 'inflow')!;
    const usual = inflow.read();
    const { body: begun } = await post('/api/happen', { ...burst, durationS: 0 });
    open.step(10);
    expect(inflow.read()).toBeGreaterThan(usual + 50);
    const { told } = await get<NowView>('/api/now');
    const { status, body } = await post('/api/end', { id: begun['id'] });
    const at = new Date(open.city.nowMs).toISOString();
    expect([status, body['end'], begun['end']]).toEqual([200, at, null]);
    expect(open.told.at(-1)).toEqual({ ...begun, end: at });
    const now = await get<NowView>(`/api/now?since=${told}`);
    expect([now.told, now.happenings]).toEqual([told + 1, [open.told.at(-1)]]);
    expect(now.states['dma-1']).toBeUndefined();
    const all = (await get<NowView>('/api/now')).happenings.map(({ id }) => id);
    expect(new Set(all).size).toBe(all.length);
    const again = await post('/api/end', { id: begun['id'] });
    expect([again.status, again.body['message']]).toEqual([400, expect.stringContaining('LL-SCENARIO-TARGET')]);
    // A crew takes a minute to shut the valves.
    for (let step = 0; step < 12; step++) open.step(10);
    expect(Math.abs(inflow.read() - usual)).toBeLessThan(25);
  });

  it.each([
    ['water.pump-trip', 'ps-1', 'water-ps-1', /^pump\d-fault$|^p\d-fault$/],
    ['sensor.stuck', 'water-dma-2/p-inlet', undefined, undefined],
    ['drainage.cover-missing', 'mh-1', undefined, undefined],
  ])('lets %s begin again at once after its end', async (kind, target, plc, faults) => {
    const wish = { kind, target, magnitude: 1, durationS: 3_600 };
    const fault = () =>
      open.city.plcs
        .filter(({ id }) => id === plc)
        .flatMap(({ points }) => points.filter(({ name }) => faults?.test(name)).map((point) => point.read()));
    const { body } = await post('/api/happen', wish);
    open.step(1);
    if (faults) expect(Math.max(...fault())).toBe(1);
    expect((await post('/api/happen', wish)).status).toBe(400);
    expect((await post('/api/end', { id: body['id'] })).status).toBe(200);
    open.step(1);
    if (faults) expect(Math.max(...fault())).toBe(0);
    const next = await post('/api/happen', wish);
    expect(next.status).toBe(200);
    await post('/api/end', { id: next.body['id'] });
    open.step(1);
  });

  it('tells where the networks run once, and of their links only what has changed', async () => {
    const { networks } = await get<CityView>('/api/city');
    const named = networks.flatMap(({ utility, id, links }) => links.map((link) => `${utility}/${id}/${link.id}`));
    expect(named).toContain('water/trunk/dma-3-valve');
    expect(named).toContain('drainage/sewers/mh-1-outlet');
    const first = await get<NowView>('/api/now');
    expect(first.links.changes).toHaveLength(named.length);
    const { revision } = first.links;
    expect((await get<NowView>(`/api/now?links=${revision}`)).links).toEqual({ revision, changes: [] });
    await post('/api/happen', { ...burst, target: 'dma-3' });
    open.step(10);
    const { changes } = (await get<NowView>(`/api/now?links=${revision}`)).links;
    expect(changes.length).toBeLessThan(named.length / 2);
    const leaking = changes.filter(([, state]) => state === 'leaking').map(([link]) => named[link]);
    expect(leaking).toEqual([expect.stringMatching(/^water\/streets\/dma-3-/)]);
    expect((await get<NowView>(`/api/now?links=${revision + 1_000}`)).links.changes).toHaveLength(named.length);
  });

  it('shows a biased sensor as truth that PLC and wire do not tell', async () => {
    await post('/api/happen', { kind: 'sensor.bias', target: 'water-dma-2/p-inlet', magnitude: 15, durationS: 60 });
    open.step(10);
    const { plc } = await get<NowView>('/api/now?plc=water-dma-2');
    const at = (await get<readonly PointView[]>('/api/points?id=water-dma-2')).findIndex(
      ({ name }) => name === 'p-inlet',
    );
    expect(plc!.seen[at]! - plc!.truth[at]!).toBeCloseTo(0.15, 2);
    expect(plc!.wire[at]).toBeCloseTo(plc!.seen[at]!, 5);
  });

  it('sets the pace of the clock, lets it stand and go step by step', async () => {
    expect((await post('/api/clock', { speed: 0 })).body).toEqual({ speed: 0 });
    await post('/api/clock', { stepS: 60 });
    await post('/api/clock', { stepS: 3600 });
    expect([open.pace.speed, open.pace.takeOwed(), open.pace.takeOwed()]).toEqual([0, 3660, 0]);
    expect((await post('/api/clock', { speed: 'max' })).body).toEqual({ speed: 'max' });
  });

  it('looking changes nothing: the truth goes on bit by bit as it would', async () => {
    const [looked, alone] = [await openCity(clock), await openCity(clock)];
    for (let step = 0; step < 30; step++) {
      looked.step(10);
      alone.step(10);
      await fetch(`${looked.url}/api/now?plc=water-dma-1&links=${step}`);
    }
    const truths = ({ city }: OpenCity) => city.plcs.flatMap(({ points }) => points.map((point) => point.read()));
    expect(truths(looked)).toEqual(truths(alone));
    await Promise.all([looked.close(), alone.close()]);
  });
});

describe('what the desk refuses', () => {
  const told = () => open.told.length;
  let before = 0;
  beforeEach(() => {
    before = told();
  });
  afterEach(() => {
    expect(told()).toBe(before);
  });

  it.each([
    [{ ...burst, kind: 'water.brst' }, 'LL-SCENARIO-KIND this city plays no "water.brst"; did you mean "water.burst"?'],
    [{ ...burst, target: 'dma-11' }, 'LL-SCENARIO-TARGET water.burst cannot happen to "dma-11"; did you mean "dma-1"?'],
    [{ ...burst, magnitude: 0 }, 'LL-SCENARIO-SIZE'],
    [{ ...burst, rampS: 900 }, 'LL-SCENARIO-TIME it grows for 900 s but lasts only 600 s'],
    [{ ...burst, durationS: -1 }, 'durationS'],
    [{ ...burst, magnitude: 'much' }, 'magnitude'],
    [{ ...burst, more: 1 }, 'more'],
  ])('%j', async (wish, message) => {
    const { status, body } = await post('/api/happen', wish);
    expect([status, body['code'], body['message']]).toEqual([
      400,
      'LL-CONSOLE-REQUEST',
      expect.stringContaining(message),
    ]);
  });

  it('orders from other pages, a pace beyond bounds, a PLC that is not there', async () => {
    expect((await post('/api/happen', burst, 'http://evil.example')).status).toBe(403);
    expect((await post('/api/clock', { speed: 1e6 })).status).toBe(400);
    expect((await post('/api/clock', { speed: -1 })).status).toBe(400);
    expect((await fetch(`${open.url}/api/now?plc=nowhere`)).status).toBe(400);
    expect((await fetch(`${open.url}/api/now?since=-1`)).status).toBe(400);
    expect((await fetch(`${open.url}/api/now?links=many`)).status).toBe(400);
  });
});
