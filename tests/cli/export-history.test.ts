import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { open, tagTable } from '../store/fixture.ts';

afterAll(killAll);

const startMs = Date.parse('2026-01-15T08:00:00+08:00');
const names = ['ps-3/flow', 'ps-3/level', 'ps-4/flow', '=cmd/x'];
const tags = new TagTable(
  tagTable(names.length, { periodMs: 10_000 }).definitions.map((tag, index) => ({ ...tag, name: names[index]! })),
);

const yaml = `gateway: { id: hrb-07 }
devices:
  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: ps-3.csv }
`;
const points = 'tag,table,address,type,unit\nflow,holding,0,float32,m3/h\nlevel,holding,2,float32,m\n';

/** A gateway's folder whose store is still open, with eight hours of samples every 10 s, rolled up as far as they are. */
async function running(): Promise<{ folder: string; store: Store; run: (...words: string[]) => Promise<Ended> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-export-'));
  await writeFile(join(folder, 'gateway.yaml'), yaml);
  await writeFile(join(folder, 'ps-3.csv'), points);
  const clock = new VirtualClock(startMs);
  const store = await open(join(folder, 'data'), { clock, tags });
  for (let at = 0; at < 2880; at++) {
    const batch = createBatch('ps-3', names.length, clock.wallMs());
    for (let row = 0; row < names.length; row++) {
      const bad = at % 6 === 5;
      batch.tags[row] = row;
      batch.times[row] = startMs + at * 10_000;
      batch.values[row] = bad ? Number.NaN : row * 1000 + at / 10;
      batch.quality[row] = bad ? Quality.comm : Quality.good;
    }
    store.history.append(batch);
    if (at % 30 !== 29) continue;
    await clock.advance(300_000);
    for (let turn = 0; turn < 3; turn++) await store.history.begin();
  }
  const where = ['-c', join(folder, 'gateway.yaml'), '--data', join(folder, 'data')];
  return { folder, store, run: (...words) => lifeline('export', 'history', ...where, ...words).ended };
}

type Ended = Awaited<ReturnType<typeof lifeline>['ended']>;

describe('lifeline export history', () => {
  it('writes samples, minutes and hours of a gateway that runs, in the time of its site', {
    timeout: 120_000,
  }, async () => {
    const { folder, store, run } = await running();
    const lines = async (name: string) => (await readFile(join(folder, name), 'utf8')).slice(1).trimEnd().split('\n');

    const span = ['--from', '2026-01-15T10:00', '--to', '2026-01-15T10:01'];
    const raw = await run('--tags', 'ps-3/*', '=cmd/x', ...span, '--out', join(folder, 'raw.csv'));
    expect(raw).toMatchObject({ code: 0, stdout: expect.stringContaining('18 rows of 3 tags') });
    const samples = await lines('raw.csv');
    expect(samples.slice(0, 2)).toEqual([
      'time,tag,unit,value,quality',
      '2026-01-15T10:00:00.000+08:00,ps-3/flow,m3/h,72,good',
    ]);
    expect(samples[6]).toBe('2026-01-15T10:00:50.000+08:00,ps-3/flow,m3/h,,comm');
    expect(samples[13]).toContain(",'=cmd/x,");

    // the first hours are rolled up, the last ones are not yet
    const times = ['--from', '2026-01-15T09:00', '--to', '2026-01-15T15:02'];
    const ended = await run('--tags', 'ps-3/flow', '--every', '1min', ...times, '--out', join(folder, 'minute.csv'));
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('362 rows of 1 tag') });
    const minutes = await lines('minute.csv');
    for (const [row, hour, flow] of [
      [1, '09', 36],
      [361, '15', 252],
    ] as const) {
      const fourth = (flow + 0.4).toFixed(1);
      expect(minutes[row]).toBe(
        `2026-01-15T${hour}:00:00.000+08:00,ps-3/flow,m3/h,${flow},${fourth},${Math.fround(flow + 0.2)},${fourth},0.8333,6,good`,
      );
    }

    const book = await run('--every', '1h', '--headers', 'zh', '--out', join(folder, 'hours.xlsx'));
    expect(book).toMatchObject({ code: 0, stdout: expect.stringContaining('32 rows of 4 tags') });
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    await store.close();
  });

  it('says what there is when asked for what is not, and leaves no file', { timeout: 120_000 }, async () => {
    const { folder, store, run } = await running();
    const out = ['--out', join(folder, 'x.csv')];
    const unknown = await run('--tags', 'ps-3/flw', ...out);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('did you mean "ps-3/flow"?') });
    const early = await run('--to', '2020-01-01', ...out);
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('there is 2026-01-15T00:00:00.000Z') });
    expect((await readdir(folder)).includes('x.csv')).toBe(false);
    await store.close();
  });
});
