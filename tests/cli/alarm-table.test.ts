import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { killAll, lifeline } from '../gateway/processes.ts';

afterAll(killAll);

it('lifeline alarms export writes the sheet of a review, import takes its corrections or tells every mistake', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-master-'));
  await cp('examples/demo', folder, { recursive: true });
  const config = join(folder, 'gateway.yaml');
  const sheet = join(folder, 'master.csv');
  const run = (...args: string[]) => lifeline('alarms', ...args, '-c', config).ended;
  expect(await run('export', '--out', sheet, '--headers', 'zh')).toMatchObject({ code: 0 });
  const text = await readFile(sheet, 'utf8');
  expect(text.split('\n')[0]).toMatch(/对象,名称,类型,类别,安全类/);
  const leak = text.split('\n').find((line) => line.includes(',cabinet-leak,')) ?? '';
  const asset = leak.split(',')[0];
  const bad = join(folder, 'bad.csv');
  await writeFile(bad, `对象,类别,优先级\n${asset},cabinet-leak,低\n`);
  const refused = await run('import', bad);
  expect(refused.code).toBe(3);
  expect(refused.stderr).toMatch(/error .*bad\.csv:2:3 priority: .*concerns safety.* \[LL-MASTER-SAFETY\]/);
  const good = join(folder, 'good.csv');
  await writeFile(good, `对象,类别,后果\n${asset},cabinet-leak,箱内燃爆\n`);
  const taken = await run('import', good, '--json');
  expect([taken.code, JSON.parse(taken.stdout)]).toMatchObject([0, { ok: true, corrections: 1 }]);
  expect(await readFile(join(folder, 'alarms.csv'), 'utf8')).toContain('箱内燃爆');
  await rm(folder, { recursive: true });
}, 120_000);
