import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { readReview } from '../../edge/config/alarm-review.ts';
import { alarmSources } from '../../edge/config/alarm-subjects.ts';
import { alarmTableCells, correctionCells } from '../../edge/config/alarm-table.ts';
import { type LoadedGateway, loadGateway } from '../../edge/config/load.ts';
import { csvBytes, type OutputCells, xlsxBytes } from '../../edge/config/table-output.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { limitAt, packAssetOf } from '../../edge/core/pack.ts';
import { buildCatalogue } from '../../edge/gateway/catalogue.ts';

let folder: string;
let config: string;
let gateway: LoadedGateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-review-'));
  await cp('examples/demo', folder, { recursive: true });
  config = join(folder, 'gateway.yaml');
  gateway = (await loadGateway(config, loadContext)).gateway!;
});
afterAll(() => rm(folder, { recursive: true }));

const put = async (name: string, content: string | Uint8Array) => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
const sheet = (language: 'zh' | 'en' = 'en') =>
  alarmTableCells(alarmSources(gateway), language) as (string | number)[][];
const column = (cells: OutputCells, key: string) => cells[0]!.indexOf(key);

/** The whole sheet with one row changed. */
function reviewed(asset: string, kind: string, changes: Readonly<Record<string, string | number>>) {
  const cells = sheet().map((row) => [...row]);
  const row = cells.find((one) => one[column(cells, 'asset')] === asset && one[column(cells, 'kind')] === kind)!;
  for (const [key, value] of Object.entries(changes)) row[column(cells, key)] = value;
  return cells;
}
const regulator = () => gateway.assets.find(({ type }) => type === 'gas.regulator')!.id;

describe('the master alarm table', () => {
  it('has every alarm that there can be, each with cause, response, time to respond and the priority that the matrix gives', () => {
    const cells = sheet();
    const [head, ...rows] = cells;
    const assets = new Set(rows.map((row) => row[column(cells, 'asset')]));
    for (const { id } of gateway.assets) expect(assets).toContain(id);
    for (const { definition } of gateway.devices) expect(assets).toContain(definition.id);
    expect(assets).toContain('*');
    for (const key of ['cause-zh', 'cause-en', 'response-zh', 'respondWithinMin', 'priority'])
      expect(rows.filter((row) => row[head!.indexOf(key)] === '')).toEqual([]);
    const leak = rows.find((row) => row[0] === regulator() && row[column(cells, 'kind')] === 'cabinet-leak')!;
    expect(leak[column(cells, 'safety')]).toBe('yes');
    expect(leak[column(cells, 'limits')]).toBe('lel > 20, 2 s (GB/T 50493-2019)');
    const off = rows.filter((row) => row[column(cells, 'matrix')] !== row[column(cells, 'priority')]);
    expect(off).toEqual([]);
  });

  it.each(['zh', 'en'] as const)(
    'read back as it was written, with headers in %s, it corrects nothing',
    async (language) => {
      const cells = sheet(language);
      const csv = await readReview(await put('same.csv', csvBytes(cells)), gateway);
      expect(csv).toEqual({ corrections: new Map(), problems: [], warnings: [] });
      const semicolons = cells
        .map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(';'))
        .join('\n');
      expect((await readReview(await put('same-2.csv', semicolons), gateway)).problems).toEqual([]);
      const xlsx = await readReview(await put('same.xlsx', await xlsxBytes([{ name: 'alarms', cells }])), gateway);
      expect(xlsx).toEqual({ corrections: new Map(), problems: [], warnings: [] });
    },
  );

  it('changes what the meeting changed, for one asset, for a type or for all, and the gateway goes by it', async () => {
    const id = regulator();
    const cells = reviewed(id, 'outlet-low', {
      respondWithinMin: 3,
      priority: 'critical',
      'consequence-zh': '用户停气',
    });
    const blank = cells[0]!.map(() => '' as string | number);
    const row = (values: Readonly<Record<string, string | number>>) =>
      blank.map((cell, index) => values[String(cells[0]![index])] ?? cell);
    cells.push(
      row({
        asset: 'gas.regulator',
        kind: 'battery-low',
        priority: '高',
        respondWithinMin: 60,
        latching: '是',
        reAlarmMin: 240,
      }),
    );
    const review = await readReview(await put('review.csv', csvBytes(cells)), gateway);
    expect(review.problems).toEqual([]);
    expect([...review.corrections]).toEqual([
      [`${id}/outlet-low`, { respondWithinMin: 3, priority: 'critical', consequence: { zh: '用户停气' } }],
      ['gas.regulator/battery-low', { respondWithinMin: 60, priority: 'high', latching: true, reAlarmMin: 240 }],
    ]);
    expect(review.warnings).toMatchObject([{ code: 'LL-MASTER-MATRIX', line: cells.length, path: 'priority' }]);

    const table = await put('alarms.csv', csvBytes(correctionCells(review.corrections, 'zh')));
    expect((await readReview(table, gateway)).corrections).toEqual(review.corrections);
    await put('gateway.yaml', `${await readFile(config, 'utf8')}\nalarms: { table: alarms.csv }\n`);
    const loaded = await loadGateway(config, loadContext);
    expect(loaded.errors).toEqual([]);
    const { alarm } = buildCatalogue(loaded.gateway!, new LiveTable(loaded.gateway!.tags.size));
    expect(alarm(id, 'outlet-low')).toMatchObject({
      priority: 'critical',
      respondWithinMin: 3,
      consequence: { zh: '用户停气' },
    });
    expect(alarm(id, 'battery-low')).toMatchObject({ priority: 'high', latching: true });
    expect(alarm(id, 'cabinet-leak')).toEqual(buildCatalogue(gateway, new LiveTable(0)).alarm(id, 'cabinet-leak'));
  });

  it('tells every mistake by row and column, and takes nothing of a row with one', async () => {
    const id = regulator();
    const lines = [
      'asset,kind,priority,riskLevel,respondWithinMin,latching',
      `${id},outlet-low,urgent,V,-1,maybe`,
      'nobody,outlet-low,high,,,',
      `${id},outlet-lo,high,,,`,
      `${id},cabinet-leak,medium,,,`,
      `${id},outlet-high,high,,,`,
      `${id},outlet-high,low,,,`,
    ];
    const { problems, corrections } = await readReview(await put('bad.csv', lines.join('\n')), gateway);
    expect(problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      ...['2:3 LL-MASTER-CELL', '2:4 LL-MASTER-CELL', '2:5 LL-MASTER-CELL', '2:6 LL-MASTER-CELL'],
      ...['3:1 LL-MASTER-UNKNOWN', '4:2 LL-MASTER-UNKNOWN', '5:3 LL-MASTER-SAFETY', '7:1 LL-MASTER-DUPLICATE'],
    ]);
    expect(problems.find(({ line }) => line === 4)?.fix).toBe('did you mean "outlet-low"?');
    expect([...corrections.keys()]).toEqual([`${id}/outlet-high`]);
    const header = await readReview(await put('head.csv', 'asset,kind,priorty\n'), gateway);
    expect(header.problems).toMatchObject([{ line: 1, column: 3, fix: 'did you mean "priority"?' }]);
    const missing = await readReview(await put('none.csv', 'asset,priority\nx,high\n'), gateway);
    expect(missing.problems).toMatchObject([{ code: 'LL-MASTER-HEADER', path: 'kind' }]);
  });

  it('moves limits and delays of one asset or of a type, within what their points show, and the gateway judges by them', async () => {
    const id = regulator();
    const cells = reviewed(id, 'outlet-low', { below: 2.1, onDelayS: 20, suppressedBy: 'outlet-high' });
    const blank = cells[0]!.map(
      (name) => ({ asset: 'gas.regulator', kind: 'battery-low', offDelayS: 7200 })[String(name)] ?? '',
    );
    const review = await readReview(await put('limits.csv', csvBytes([...cells, blank])), gateway);
    expect(review.problems).toEqual([]);
    expect([...review.corrections]).toEqual([
      [`${id}/outlet-low`, { suppressedBy: ['outlet-high'], limit: { below: 2.1, onDelayS: 20 } }],
      ['gas.regulator/battery-low', { limit: { offDelayS: 7200 } }],
    ]);
    const table = await put('limits-kept.csv', csvBytes(correctionCells(review.corrections, 'zh')));
    expect((await readReview(table, gateway)).corrections).toEqual(review.corrections);
    await put(
      'limited.yaml',
      `${await readFile('examples/demo/gateway.yaml', 'utf8')}\nalarms: { table: limits-kept.csv }\n`,
    );
    const loaded = await loadGateway(join(folder, 'limited.yaml'), loadContext);
    expect(loaded.errors).toEqual([]);
    const limitsOf = (asset: string, kind: string) => {
      const found = loaded.gateway!.assets.find((one) => one.id === asset)!;
      const { limits } = packAssetOf(loaded.gateway!.packs, found.type)!;
      return limits.filter((limit) => limit.kind === kind).map((limit) => limitAt(limit, found));
    };
    expect(limitsOf(id, 'outlet-low')).toMatchObject([{ below: 2.1, onDelayS: 20 }]);
    const others = loaded.gateway!.assets.filter(({ type, id: other }) => type === 'gas.regulator' && other !== id);
    expect(others.length).toBeGreaterThan(0);
    for (const { id: other } of [{ id }, ...others])
      expect(limitsOf(other, 'battery-low')).toMatchObject([{ offDelayS: 7200 }]);
    // what stands is written, and read against the packs again: nothing is lost of it
    const again = alarmTableCells(alarmSources(loaded.gateway!), 'en');
    const reread = await readReview(await put('again.csv', csvBytes(again)), loaded.gateway!);
    expect(reread.problems).toEqual([]);
    expect(reread.corrections.get(`${id}/outlet-low`)).toEqual(review.corrections.get(`${id}/outlet-low`));
    for (const { id: other } of others)
      expect(reread.corrections.get(`${other}/battery-low`)).toEqual({ limit: { offDelayS: 7200 } });
  });

  it('moves a limit of safety towards the safe side alone, and none beyond what its point can show', async () => {
    const id = regulator();
    const lines = [
      'asset,kind,above,below,onDelayS,offDelayS,hysteresis,suppressedBy',
      `${id},cabinet-leak,25,,,,,`,
      `${id},cabinet-leak,,,60,,,`,
      `${id},cabinet-leak,,,,0,,`,
      `${id},cabinet-leak,,,,,,outlet-low`,
      `${id},cabinet-leak,10,,0,,,`,
      `${id},outlet-low,,1e9,,,,`,
      `${id},outlet-low,7,,,,,`,
      `${id},outlet-low,,x,-1,,-2,`,
      `${id},outlet-low,,,,,,outlet-hig`,
      '*,bias,1,,,,,',
    ];
    const { problems, corrections } = await readReview(await put('unsafe.csv', lines.join('\n')), gateway);
    expect(problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      ...['2:3 LL-MASTER-SAFETY', '3:5 LL-MASTER-SAFETY', '4:6 LL-MASTER-SAFETY', '5:8 LL-MASTER-SAFETY'],
      ...['7:4 LL-CONFIG-LIMIT', '8:3 LL-CONFIG-LIMIT'],
      ...['9:4 LL-MASTER-CELL', '9:5 LL-MASTER-CELL', '9:7 LL-MASTER-CELL', '10:8 LL-MASTER-UNKNOWN'],
      '11:1 LL-MASTER-LIMIT',
    ]);
    expect(problems.find(({ line }) => line === 10)?.fix).toBe('did you mean "outlet-high"?');
    expect([...corrections]).toEqual([[`${id}/cabinet-leak`, { limit: { above: 10, onDelayS: 0 } }]]);
  });

  it('takes back what suppresses an alarm by a dash', async () => {
    const cells = sheet();
    const [asset, kind] = cells
      .slice(1)
      .filter((row) => row[column(cells, 'suppressedBy')] !== '')
      .map((row) => [row[0], row[3]] as const)[0]!;
    const lines = `asset,kind,suppressedBy\n${asset},${kind},-\n`;
    const { corrections, problems } = await readReview(await put('dash.csv', lines), gateway);
    expect(problems).toEqual([]);
    expect([...corrections]).toEqual([[`${asset}/${kind}`, { suppressedBy: [] }]]);
    const kept = csvBytes(correctionCells(corrections, 'en'));
    expect((await readReview(await put('dash-kept.csv', kept), gateway)).corrections).toEqual(corrections);
  });

  it('that gateway.yaml names and nobody can read is told where it is named', async () => {
    await put('named.yaml', `${await readFile('examples/demo/gateway.yaml', 'utf8')}\nalarms: { table: gone.csv }\n`);
    const { errors } = await loadGateway(join(folder, 'named.yaml'), loadContext);
    expect(errors).toMatchObject([{ code: 'LL-CONFIG-FILE', path: 'alarms.table' }]);
  });
});
