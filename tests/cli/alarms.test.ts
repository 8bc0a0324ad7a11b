import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Console, createConsole } from '../../edge/console/server.ts';
import { realClock } from '../../edge/core/clock.ts';
import { createFixture, type Fixture, onLoopback } from '../console/fixture.ts';
import { killAll, lifeline } from '../gateway/processes.ts';

let folder: string;
let city: Fixture;
let server: Console;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-alarms-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  const clock = realClock();
  city = createFixture(clock, { spareTags: 2 });
  const page = pathToFileURL(`${folder}/`);
  server = createConsole({ ...onLoopback('operator'), source: city.source, clock, page });
  address = (await server.start()).url;
});

afterAll(async () => {
  killAll();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const alarms = (...args: string[]) => lifeline('alarms', ...args, '--console', address).ended;

describe('lifeline alarms', () => {
  it('lists, acknowledges and judges the alarms of a running gateway, and reports by detector', async () => {
    const id = city.raise({ asset: 'dma-2', kind: 'burst' });
    expect((await alarms('list')).stdout).toMatch(/dma-2\/burst .*active-unacknowledged +high +–/);
    expect(await alarms('acknowledge', id, '--by', '张工')).toMatchObject({ code: 0 });
    expect(city.acknowledged).toEqual([{ id, by: '张工' }]);
    const judged = await alarms('judge', id, 'nuisance', '--by', '张工', '--note', '消防用水', '--json');
    expect([judged.code, JSON.parse(judged.stdout)]).toEqual([0, { result: 'done' }]);
    expect(city.source.recentAlarms(1)[0]!.judgement).toMatchObject({ verdict: 'nuisance', note: '消防用水' });
    const report = await alarms('report', '--json');
    expect(JSON.parse(report.stdout)).toMatchObject({
      detectors: [{ detector: 'limit', raised: 1, nuisance: 1, nuisanceShare: 1 }],
      widened: [{ asset: 'dma-4', kind: 'burst' }],
    });
    expect((await alarms('report')).stdout).toMatch(/limit +1 +0 +1 +0 +0 +100 % +0 %/);
  });

  it('shelves, brings back and resets, and says what stands out of view too', async () => {
    const id = city.raise({ asset: 'dma-4', kind: 'pressure-low' });
    const shelved = await alarms('shelve', id, '60', '--by', '张工', '--reason', '抢修中', '--json');
    expect([shelved.code, JSON.parse(shelved.stdout)]).toEqual([0, { result: 'done' }]);
    expect((await alarms('list')).stdout).toMatch(/dma-4\/pressure-low .*shelved +high/);
    expect((await alarms('unshelve', id, '--by', '张工')).stdout).toBe('dma-4/pressure-low: unshelve done\n');
    expect((await alarms('reset', id, '--by', '张工')).stdout).toBe('dma-4/pressure-low: there was nothing to reset\n');
    expect((await alarms('shelve', id, '481', '--by', '张工', '--reason', 'x')).code).toBe(2);
  });

  it('reports how the alarm system does, beside its targets, on the terminal, as CSV and as a page to print', async () => {
    const csv = join(folder, 'report.csv');
    const page = join(folder, 'report.html');
    expect((await alarms('report', '--last', '1h')).stdout).toMatch(/most in 10 min +\d+ +≤ 10/);
    const written = await alarms('report', '--out', csv, '--json');
    const { performance } = JSON.parse(written.stdout);
    expect(performance.announced).toBeGreaterThan(0);
    const text = await readFile(csv, 'utf8');
    expect(text).toContain(`alarms announced,${performance.announced}`);
    expect(text).toContain(`Most frequent,${performance.top[0].id},`);
    expect((await alarms('report', '--out', page)).code).toBe(0);
    const html = await readFile(page, 'utf8');
    expect(html).toMatch(/<span lang="zh">10 分钟内最多<\/span><span lang="en">most in 10 min<\/span>/);
    expect(html).not.toMatch(/https?:\/\//);
    expect((await alarms('report', '--out', join(folder, 'report.pdf'))).code).toBe(2);
  });

  it('exits with 1 where it is refused, 2 for no verdict, 4 where nobody answers, each with its code or the choice', async () => {
    const refused = await alarms('judge', 'dma-2/none', 'useful', '--by', 'op');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/LL-LINK-REFUSED .*LL-CONSOLE-NOT-FOUND/);
    const unknown = await alarms('judge', 'dma-2/burst', 'good', '--by', 'op');
    expect([unknown.code, /useful, nuisance, wrong-cause/.test(unknown.stderr)]).toEqual([2, true]);
    const away = await lifeline('alarms', 'list', '--console', 'http://127.0.0.1:1').ended;
    expect([away.code, away.stderr.includes('LL-LINK-UNREACHABLE')]).toEqual([4, true]);
  });
});
