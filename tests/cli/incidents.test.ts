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
let id: string;

const steps = [
  { zh: '现场警戒', en: 'Guard the place' },
  { zh: '关闭阀门', en: 'Shut the valves' },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-incidents-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  const clock = realClock();
  city = createFixture(clock, { spareTags: 2 });
  server = createConsole({ ...onLoopback('operator'), source: city.source, clock, page: pathToFileURL(`${folder}/`) });
  address = (await server.start()).url;
});

afterAll(async () => {
  killAll();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const incidents = (...args: string[]) => lifeline('incidents', ...args, '--console', address).ended;

describe('lifeline incidents', () => {
  it('lists those that are not closed and those that were closed last, with level, work, steps and crew', async () => {
    expect(await incidents('list')).toMatchObject({ code: 0, stdout: 'no incidents\n' });
    const message = { zh: '爆管 <二区>', en: 'Burst in <district 2>' };
    const consequence = { zh: '路面塌陷', en: 'The road collapses' };
    city.raise({ asset: 'dma-2', kind: 'burst', riskLevel: 'II', steps, consequence, message });
    city.raise({ asset: 'dma-2', kind: 'pressure-low', message: { zh: '压力低', en: 'Pressure low' } });
    id = city.source.incidents.current()[0]!.id;
    const { acknowledge, dispatch, tick } = {
      acknowledge: { did: 'acknowledged', by: '张工', note: '' },
      dispatch: { did: 'dispatched', by: '张工', to: '抢修二班', note: '带听漏仪' },
      tick: { did: 'step-done', by: '李娜', alarm: 'dma-2/burst', step: 0, note: '' },
    } as const;
    for (const act of [acknowledge, dispatch, tick]) await city.source.incidents.act(id, act);
    const done = city.raise({ asset: 'zone-2', kind: 'water-level' });
    const other = city.source.incidents.current().find(({ root }) => root === done)!.id;
    await city.source.incidents.act(other, { did: 'closed-out', by: '张工', note: '恢复' });
    city.clear(done);

    const [head, ...rows] = (await incidents('list')).stdout.trimEnd().split('\n');
    expect(head).toMatch(/^incident +opened +over +level +stage +standing +steps +crew +case +what$/);
    expect(rows).toEqual([
      expect.stringMatching(
        /^dma-2\/burst@\d+ .* II +dispatched +2\/2 +1\/2 +抢修二班 +– +爆管 <二区> · Burst in <district 2>$/,
      ),
      expect.stringMatching(/^zone-2\/water-level@\d+ .* closed +0\/1 +/),
    ]);
    const view = JSON.parse((await incidents('list', '--json')).stdout);
    expect(view).toMatchObject({ total: 1, incidents: [{ id, crew: '抢修二班' }], closed: [{ id: other }] });
  });

  it('shows one whole in the language that is asked for, by its id or by the alarm that is its root', async () => {
    const english = (await incidents('show', 'dma-2/burst', '--lang', 'en')).stdout;
    for (const line of [
      /^Burst in <district 2>\nIncident sheet dma-2\/burst@\d+ · hrb-07 /,
      /^Stage +Crew sent · 抢修二班$/m,
      /^If nobody acts +The road collapses$/m,
      /^☑ +1\. Guard the place +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d 李娜$/m,
      /^☐ +2\. Shut the valves$/m,
      /^1 .*Burst in <district 2> \(Root cause\)/m,
      /^2 .*Pressure low/m,
      /^1 .*186\.4 m³\/h +142 m³\/h +60 s$/m,
      /Sent +抢修二班 · 带听漏仪 +张工$/m,
    ]) {
      expect(english).toMatch(line);
    }
    expect((await incidents('show', id, '--lang', 'zh')).stdout).toMatch(/^后果 +路面塌陷$/m);
    expect(JSON.parse((await incidents('show', id, '--json')).stdout)).toMatchObject({
      ...{ id, consequence: { zh: '路面塌陷' }, checklist: [{ alarm: 'dma-2/burst', steps }] },
      work: { stage: 'dispatched', ticks: [{ step: 0, by: '李娜' }] },
    });
  });

  it('prints one as a page in both languages that needs nothing beside itself and in which no text is markup', async () => {
    const file = join(folder, 'sheet.html');
    expect(await incidents('print', id, '--html', file)).toMatchObject({ code: 0, stdout: `${file}: ${id}\n` });
    const html = await readFile(file, 'utf8');
    expect(html).toContain('<article lang="zh"><h1>爆管 &lt;二区&gt;</h1>');
    expect(html).toContain('<article lang="en"><h1>Burst in &lt;district 2&gt;</h1>');
    expect(html).toMatch(/<td>☑<\/td><td>1\. Guard the place<\/td>/);
    expect(html).not.toMatch(/https?:\/\/|<二区>/);
    expect((await incidents('print', id)).stdout.trim()).toBe(html.trim());
  });

  it('exits with 1 where there is none of that name, 2 for a file that is no page, 4 where nobody answers', async () => {
    const unknown = await incidents('show', 'dma-2/none');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/LL-LINK-REFUSED .*LL-CONSOLE-NOT-FOUND look at incident dma-2\/none/);
    expect((await incidents('print', id, '--html', join(folder, 'sheet.pdf'))).code).toBe(2);
    const away = await lifeline('incidents', 'list', '--console', 'http://127.0.0.1:1').ended;
    expect([away.code, away.stderr.includes('LL-LINK-UNREACHABLE')]).toEqual([4, true]);
  });
});
