import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { alarmEvent } from '../../edge/alarms/record.ts';
import type { Alarm } from '../../edge/core/alarm.ts';
import { readJournal } from '../../edge/store/read-journal.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { eventOf, newFolder, open } from '../store/fixture.ts';

afterAll(killAll);

const at = (time: string) => Date.parse(`2026-03-01T${time}+08:00`);
const burst: Alarm = {
  ...{ id: 'dma-2/burst', asset: 'dma-2', kind: 'burst', utility: 'water', state: 'active-unacknowledged' },
  ...{
    priority: 'high',
    riskLevel: 'II',
    safety: false,
    message: { zh: '=水管爆裂', en: 'burst' },
    value: 0.18,
    limit: 0.25,
  },
  ...{ cause: { zh: '', en: '' }, response: { zh: '', en: '' }, unit: 'MPa' },
  ...{ raisedAt: at('08:00:00'), announcedAt: at('08:00:00'), activations: 1, activatedAt: [at('08:00:00')] },
  finding: { asset: 'dma-2', kind: 'burst', from: 'limit', active: true, score: 1, time: at('08:00:00'), evidence: [] },
  ...{ acknowledgedAt: undefined, acknowledgedBy: undefined, clearedAt: undefined, judgement: undefined },
};
const subject = { id: 'dma-2', name: 'DMA 2', utility: 'water', grid: '', location: undefined };

it('lifeline export alarms writes each raising once, with what became of it, while the gateway runs', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-export-'));
  const config = join(folder, 'gateway.yaml');
  const yaml =
    'gateway: { id: hrb-07 }\ndevices:\n  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: ps-3.csv }\n';
  await writeFile(config, yaml);
  await writeFile(join(folder, 'ps-3.csv'), 'tag,table,address,type,unit\nflow,holding,0,float32,m3/h\n');
  const data = join(folder, 'data');
  const store = await open(data);
  const taken: Alarm = {
    ...burst,
    acknowledgedAt: at('08:05:00'),
    acknowledgedBy: '张工',
    state: 'active-acknowledged',
  };
  const over: Alarm = { ...taken, clearedAt: at('09:00:00'), state: 'normal' };
  const again: Alarm = { ...burst, raisedAt: at('10:00:00') };
  await store.journal.append([
    alarmEvent('alarm.raised', burst, subject, at('08:00:00')),
    alarmEvent('alarm.acknowledged', taken, subject, at('08:05:00')),
    alarmEvent('alarm.cleared', over, subject, at('09:00:00')),
    alarmEvent('alarm.raised', again, subject, at('10:00:00')),
  ]);
  const out = join(folder, 'alarms.csv');
  const ended = await lifeline('export', 'alarms', '-c', config, '--data', data, '--headers', 'zh', '--out', out).ended;
  expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('2 alarms') });
  const lines = (await readFile(out, 'utf8')).slice(1).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^发生,对象,类别,/);
  expect(lines.slice(1)).toEqual([
    "2026-03-01T08:00:00.000+08:00,dma-2,burst,water,high,II,normal,'=水管爆裂,,0.18,0.25,MPa,2026-03-01T08:05:00.000+08:00,张工,2026-03-01T09:00:00.000+08:00,,",
    "2026-03-01T10:00:00.000+08:00,dma-2,burst,water,high,II,active-unacknowledged,'=水管爆裂,,0.18,0.25,MPa,,,,,",
  ]);
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  await store.close();
});

it('a journal that is being written is read in full up to a moment, and none of it twice', async () => {
  const dir = await newFolder();
  const store = await open(dir);
  let written = 0;
  for (let round = 0; round < 20; round++) {
    const appended = Array.from({ length: 200 }, () => eventOf(written++, 'x'.repeat(200)));
    const writing = store.journal.append(appended);
    const before = written - appended.length;
    const journal = await readJournal(dir);
    const numbers: unknown[] = [];
    for await (const events of journal.events()) numbers.push(...events.map(({ data }) => data['number']));
    await journal.close();
    expect(numbers.length).toBeGreaterThanOrEqual(before);
    expect(numbers).toEqual(numbers.map((_, number) => number));
    await writing;
  }
  await store.close();
});
