import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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
