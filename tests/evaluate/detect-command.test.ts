import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../edge/cli/program.ts';
import { plantRows } from './plant.ts';

let folder: string;
const said: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'detect-'));
  said.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

async function detect(...options: string[]): Promise<void> {
  await (await createProgram('detect')).parseAsync(['node', 'lifeline', 'detect', ...options]);
}

/** An export of 1,500 rows with a fault in "p,2" from row 1,200 on, and the truth beside it. */
async function plantFile(): Promise<string> {
  const fault = { from: 1200, to: 1300, kind: 'step', column: 1, size: 5 } as const;
  const rows = plantRows(1, { rows: 1500, columns: 5, causes: 2, persistence: 0.8, faults: [fault] });
  const lines = rows.map((values, row) => {
    const time = new Date(Date.UTC(2024, 0, 1) + row * 1000).toISOString().slice(0, 19).replace('T', ' ');
    return [
      time,
      ...[...values].map((value) => value.toFixed(4)),
      row >= 1200 && row < 1300 ? 'Attack' : 'Normal',
    ].join(',');
  });
  const file = join(folder, 'plant.csv');
  await writeFile(file, ['Time,p1,"p,2",p3,p4,p5,Truth', ...lines, ''].join('\n'));
  return file;
}

describe('lifeline detect', () => {
  it('says once what reading found, with the summary or before the error that ends it', async () => {
    const file = join(folder, 'twice.csv');
    const rows = Array.from({ length: 400 }, (_, row) => `${Math.sin(row)},${(row * 7919) % 97}`);
    await writeFile(file, ['a,a', ...rows, ''].join('\n'));
    await detect(file);
    expect(said.filter((line) => line.includes('stands more than once')).length).toBe(1);
    said.length = 0;
    await writeFile(file, ['a,a', ...rows.slice(0, 20), ''].join('\n'));
    await detect(file);
    expect(said.filter((line) => line.includes('stands more than once')).length).toBe(1);
    expect(said.at(-1)).toContain('LL-EVALUATE-TRAIN');
  });

  it('writes a line for each row, a page in two languages, and a summary that agree with each other', async () => {
    const [out, html] = [join(folder, 'scores.csv'), join(folder, 'report.html')];
    await detect(await plantFile(), '--train', '0:900', '--label', 'Truth', '--out', out, '--html', html, '--json');
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('row,time,score,alarm,top1,top2,top3');
    expect(lines.length).toBe(1501);
    for (const [row, line] of lines.slice(1).entries()) {
      const [number, time, score, alarm] = line.split(',');
      expect(number).toBe(String(row));
      expect(time).toBe(new Date(Date.UTC(2024, 0, 1) + row * 1000).toISOString().slice(0, 19));
      expect(Number(score)).toBeGreaterThanOrEqual(0);
      expect(Number(score)).toBeLessThan(1);
      expect(alarm).toBe(Number(score) >= 0.5 ? '1' : '0');
    }
    const summary = JSON.parse(said.join('\n'));
    expect(summary).toMatchObject({ rows: 1500, trainedRows: 900, columns: { dropped: [] }, outOfModelShare: 0 });
    expect(summary.columns.used).toEqual(['p1', 'p,2', 'p3', 'p4', 'p5']);
    expect(summary.labels).toMatchObject({ events: 1, detected: 1 });
    expect(
      summary.events.some(
        ({ start, top }: { start: number; top: string[] }) => start >= 1200 && start < 1220 && top.includes('p,2'),
      ),
    ).toBe(true);
    expect(summary.seconds).toBeGreaterThan(0);
    expect(summary.maxMemoryMb).toBeGreaterThan(0);
    const page = await readFile(html, 'utf8');
    expect(page).toContain('lang="zh"');
    expect(page).toContain('lang="en"');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/(?:src|href)=/);
    // without what its script begins with the page's other half is dead
    const [script = ''] = /<script>[\s\S]*<\/script>/.exec(page) ?? [];
    const sought = [...script.matchAll(/\.querySelector\('\.([\w-]+)'\)/g)].map((match) => match[1]);
    expect(sought).toContain('language');
    for (const name of sought) expect(page).toContain(`class="${name}"`);
  });

  it('calibrates until a time, without the columns to be ignored, and with roles', async () => {
    const roles = join(folder, 'roles.yaml');
    await writeFile(roles, 'p3: set-point\np4: ignore\n');
    await detect(
      await plantFile(),
      '--train',
      'until=2024-01-01 00:15:00',
      '--ignore',
      'Truth,p5',
      '--roles',
      roles,
      '--json',
    );
    const summary = JSON.parse(said.join('\n'));
    expect(summary.trainedRows).toBe(900);
    expect(summary.columns.used).toEqual(['p1', 'p,2', 'p3']);
    expect(summary.columns.kinds.p3).toBe('set-point');
    expect(summary.columns.dropped.map(({ name }: { name: string }) => name)).toEqual(['p4', 'p5', 'Truth']);
  });

  it.each([
    [['--label', 'Trut'], 'LL-EVALUATE-COLUMN', 3],
    [['--train', '0:20'], 'LL-EVALUATE-TRAIN', 3],
    [['--train', 'until=later'], 'LL-EVALUATE-TRAIN', 3],
  ])('%j is refused with a code and exit 3', async (options, code, exit) => {
    await detect(await plantFile(), ...options, '--json');
    expect(JSON.parse(said.join('\n'))).toMatchObject({ ok: false, errors: [{ code }] });
    expect(process.exitCode).toBe(exit);
  });

  it('says which file is missing, exit 1', async () => {
    await detect(join(folder, 'nowhere.csv'));
    expect(said.join('\n')).toContain('LL-EVALUATE-READ');
    expect(process.exitCode).toBe(1);
  });

  it('names an unknown role and column of the roles by line', async () => {
    const roles = join(folder, 'roles.yaml');
    await writeFile(roles, 'p1: analogue\np9: analogue\n');
    await detect(await plantFile(), '--roles', roles);
    expect(said.join('\n')).toMatch(/roles\.yaml:2:1 .*LL-EVALUATE-ROLES/);
    said.length = 0;
    await writeFile(roles, 'p1: anlogue\n');
    await detect(await plantFile(), '--roles', roles);
    expect(said.join('\n')).toMatch(/roles\.yaml:1:\d+/);
    expect(process.exitCode).toBe(3);
  });
});
