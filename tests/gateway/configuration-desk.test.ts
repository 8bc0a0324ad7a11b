import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type {
  ConfigurationChanges,
  ConfigurationDraft,
  ConfigurationView,
} from '../../edge/console/configuration-api.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';

/** All that an answer may hold; a test reads what it expects of it. */
interface Answered {
  readonly result: string;
  readonly code: string;
  readonly by: string;
  readonly version: number;
  readonly after: string;
  readonly errors: readonly Readonly<Record<string, unknown>>[];
  readonly changes: readonly ConfigurationChanges[];
  readonly current: ConfigurationView;
}

const clock = realClock();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const yamlOf = (endpoint: string) => `# as the engineer wrote it
gateway: { id: gw }
console: { port: 0, role: engineer }
devices:
  - { id: pump, driver: modbus, endpoint: "${endpoint}", points: points/pump.csv }
sinks:
  - { id: city, sink: mqtt-json, url: "mqtt://127.0.0.1:9", password: geheim-und-lang }
`;
const table = 'tag,table,address,type,unit,group\na,holding,0,uint16,mA,100ms\n';

/** A gateway that reads a PLC with points at addresses 0 and 1, its console open to an engineer on this machine. */
async function start() {
  const points = [0, 1].map((address) => point(`p${address}`, { address, type: 'uint16', read: () => 70 + address }));
  const scan = createScan(plcOf('pump', 1, points), seededRandom(1));
  const server = await serveModbus(scan, { port: 0 });
  scan.scan();
  server.publish(clock.wallMs());
  endings.push(() => server.close());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-configuration-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'gateway.yaml');
  await writeFile(file, yamlOf(server.endpoint), { mode: 0o600 });
  await mkdir(join(folder, 'points'));
  await writeFile(join(folder, 'points/pump.csv'), table);
  const { gateway: loaded, errors } = await loadGateway(file, loadContext);
  if (!loaded) throw new Error(JSON.stringify(errors));
  const dataDir = join(folder, 'data');
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir, version: '0' };
  const gateway = await buildGateway(loaded, host, { files: { file, context: loadContext } });
  endings.push(() => gateway.stop());
  await gateway.start();
  const url = gateway.status().consoleUrl ?? '';
  const get = async <T>(path: string): Promise<T> => (await fetch(`${url}${path}`)).json() as Promise<T>;
  const post = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json', origin: url };
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Answered };
  };
  const read = () => get<ConfigurationView>('/api/configuration');
  const tags = async () =>
    (await get<{ tags: { name: string }[] }>('/api/model')).tags.map(({ name }) => name).filter(Boolean);
  const onDisk = async () => [await readFile(file, 'utf8'), await readFile(join(folder, 'points/pump.csv'), 'utf8')];
  return { folder, file, dataDir, gateway, get, post, read, tags, onDisk };
}

const draftOf = ({ yaml, tables }: ConfigurationView): ConfigurationDraft => ({ yaml, tables });
/** With one more row in the table of the pump. */
function withRow(view: ConfigurationView, row: readonly string[]): ConfigurationDraft {
  const [own] = view.tables;
  return { yaml: view.yaml, tables: [{ path: own!.path, cells: [...own!.cells, row] }] };
}
const good = ['b', 'holding', '1', 'uint16', 'mA', '100ms'];

describe('the configuration over the console', () => {
  it('is shown without its secrets, and a draft is judged at each cell and line', async () => {
    const { read, post, onDisk } = await start();
    const view = await read();
    expect(view.yaml).toContain('password: !secret left-out-1-password');
    expect(JSON.stringify(view)).not.toContain('geheim');
    expect(view.tables).toEqual([{ path: 'points/pump.csv', cells: [expect.any(Array), expect.any(Array)] }]);
    const same = await post('/api/configuration-check', draftOf(view));
    expect(same.body).toMatchObject({ errors: [], changes: [], tables: ['points/pump.csv'] });
    const draft = withRow(view, ['b', 'holding', '70000', 'uint61', 'mA', '100ms']);
    const wrong = await post('/api/configuration-check', {
      ...draft,
      yaml: view.yaml.replace('id: pump', 'idd: pump'),
    });
    expect(wrong.body.errors).toContainEqual(
      expect.objectContaining({
        file: 'gateway.yaml',
        line: 5,
        code: 'LL-CONFIG-KEY',
        fix: { en: 'did you mean "id"?', zh: '是否应为“id”？' },
      }),
    );
    const { body } = await post('/api/configuration-check', draft);
    const cells = body.errors.map((error) => [error['file'], error['line'], error['column']]);
    expect(cells).toEqual([
      ['points/pump.csv', 3, 3],
      ['points/pump.csv', 3, 4],
    ]);
    expect(body.changes).toEqual([
      {
        file: 'points/pump.csv',
        lines: [
          { sign: ' ', text: table.split('\n')[0] },
          { sign: ' ', text: table.split('\n')[1] },
          { sign: '+', text: 'b,holding,70000,uint61,mA,100ms' },
        ],
      },
    ]);
    expect((await onDisk())[1]).toBe(table);
  });

  it('tells a mistake by the row that people see, wherever the file has empty lines and cells of two lines', async () => {
    const { folder, read, post } = await start();
    const odd = table.replace('\n', ',description\n\n').replace('100ms', '100ms,"two\nlines"');
    await writeFile(join(folder, 'points/pump.csv'), `${odd}b,holding,70000,uint16,mA,100ms,\n`);
    const view = await read();
    const { body } = await post('/api/configuration-check', draftOf(view));
    expect(body.changes).toEqual([]);
    expect(body.errors).toMatchObject([{ line: 3, column: 3 }]);
    expect(view.tables[0]?.cells[2]?.[2]).toBe('70000');
  });

  it('is changed as a whole or not at all, with the secrets and permissions that were there', async () => {
    const { file, read, post, tags, onDisk, get, dataDir } = await start();
    const view = await read();
    const before = await onDisk();
    const bad = { ...withRow(view, ['b', 'holding', '70000', 'uint16', 'mA', '100ms']), base: view.hash };
    const refused = await post('/api/configuration-apply', bad);
    expect([refused.status, refused.body.result, refused.body.errors.length]).toEqual([422, 'refused', 1]);
    expect(await onDisk()).toEqual(before);
    expect(await tags()).toEqual(['pump/a']);
    const done = await post('/api/configuration-apply', { ...withRow(view, good), base: view.hash, by: '李娜' });
    expect([done.status, done.body.result, done.body.version]).toEqual([200, 'applied', 2]);
    expect(await tags()).toEqual(['pump/a', 'pump/b']);
    const [yaml, written] = await onDisk();
    expect(yaml).toBe(before[0]);
    expect(written).toBe(`\uFEFF${table}b,holding,1,uint16,mA,100ms\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const kept = join(dataDir, 'configurations', 'configuration-000002.json');
    expect((await stat(kept)).mode & 0o777).toBe(0o600);
    const { entries } = await get<{ entries: { action: string; who: string; outcome: string }[] }>('/api/audit');
    expect(entries.map(({ action, who, outcome }) => [action, who, outcome])).toEqual([
      ['/api/configuration-apply', '李娜', 'done'],
      ['gateway.reconfigured', '李娜', 'done'],
      ['/api/configuration-apply', 'local', 'LL-POINTS-CELL'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('geheim');
  });

  it('tells the second of two engineers what the first has changed', async () => {
    const { read, post, tags } = await start();
    const view = await read();
    const first = { ...withRow(view, good), base: view.hash, by: '李娜' };
    const yaml = view.yaml.replace('id: gw', 'id: gw, name: 泵站');
    expect((await post('/api/configuration-apply', first)).status).toBe(200);
    const { status, body } = await post('/api/configuration-apply', { ...draftOf(view), yaml, base: view.hash });
    expect([status, body.result, body.code, body.by]).toEqual([409, 'conflict', 'LL-CONSOLE-CONFLICT', '李娜']);
    expect(body.changes.map(({ file }) => file)).toEqual(['gateway.yaml', 'points/pump.csv']);
    expect(body.changes[1]?.lines.at(-1)).toEqual({ sign: '-', text: 'b,holding,1,uint16,mA,100ms' });
    expect(await tags()).toEqual(['pump/a', 'pump/b']);
    const { current } = body;
    const merged = { ...draftOf(current), yaml, base: current.hash };
    expect((await post('/api/configuration-apply', merged)).body.result).toBe('applied');
    expect(await tags()).toEqual(['pump/a', 'pump/b']);
  });

  it('goes back to a kept version, to one written by hand too, and keeps the last twenty', async () => {
    const { folder, dataDir, get, read, post, tags, onDisk } = await start();
    const before = await onDisk();
    let { hash } = await read();
    for (let round = 0; round < 22; round++) {
      const view = await read();
      const yaml = `# ${round}\n${view.yaml}`;
      hash = (await post('/api/configuration-apply', { ...draftOf(view), yaml, base: hash })).body.after;
    }
    expect(await readdir(join(dataDir, 'configurations'))).toHaveLength(20);
    await writeFile(join(folder, 'gateway.yaml'), before[0]!);
    const byHand = await read();
    await post('/api/configuration-apply', { ...withRow(byHand, good), base: byHand.hash });
    const { versions } = await get<{ versions: { number: number; by: string; files: string[] }[] }>(
      '/api/configuration-versions',
    );
    expect(versions.slice(0, 2).map(({ by, files }) => [by, files])).toEqual([
      ['local', ['points/pump.csv']],
      ['', ['gateway.yaml']],
    ]);
    const { number } = versions[1]!;
    const { changes } = await get<{ changes: { file: string }[] }>(`/api/configuration-version?number=${number}`);
    expect(changes.map((one) => one.file)).toEqual(['points/pump.csv']);
    const back = { number, base: (await read()).hash };
    expect((await post('/api/configuration-roll-back', back)).body.result).toBe('applied');
    expect(await tags()).toEqual(['pump/a']);
    expect((await onDisk())[0]).toBe(before[0]);
    expect((await post('/api/configuration-roll-back', back)).status).toBe(409);
    expect((await post('/api/configuration-roll-back', { ...back, number: 1 })).status).toBe(404);
  });

  it('gives a secret to nobody who moves its place, and writes to no file outside its folder', async () => {
    const { folder, read, post } = await start();
    const view = await read();
    const moved = view.yaml.replace('id: gw', 'id: gw, name: !secret left-out-1-password');
    const { body } = await post('/api/configuration-check', { ...draftOf(view), yaml: moved });
    expect(body.errors[0]?.['code']).toBe('LL-CONFIG-SECRET');
    expect(JSON.stringify(body)).not.toContain('geheim');
    const outside = view.yaml.replace('points/pump.csv', '../pump.csv');
    const tables = [{ path: '../pump.csv', cells: view.tables[0]!.cells }];
    const answer = await post('/api/configuration-apply', { yaml: outside, tables, base: view.hash });
    expect([answer.status, answer.body.errors[0]?.['code']]).toEqual([422, 'LL-CONFIG-FILE']);
    await expect(stat(join(folder, '../pump.csv'))).rejects.toThrow();
  });

  it('leaves all files as they were where one of them cannot be written, and takes no more than it can hold', async () => {
    const { read, post, tags, onDisk } = await start();
    const [view, before] = [await read(), await onDisk()];
    const yaml = view.yaml.replace(
      /^( {2}- \{ id: )pump(.*)points\/pump(.*)$/m,
      (line, head, middle, tail) => `${line}\n${head}valve${middle}no/where/valve${tail}`,
    );
    const [own] = view.tables;
    const added = { path: 'no/where/valve.csv', cells: own!.cells };
    const draft = { yaml, tables: [...withRow(view, good).tables, added], base: view.hash };
    const { status, body } = await post('/api/configuration-apply', draft);
    expect([status, body.code]).toEqual([503, 'LL-CONFIG-WRITE']);
    expect(await onDisk()).toEqual(before);
    expect(await tags()).toEqual(['pump/a']);
    const huge = await post('/api/configuration-check', { ...draftOf(view), yaml: '#'.repeat(10_000_000) });
    expect([huge.status, huge.body.code]).toEqual([413, 'LL-CONSOLE-REQUEST']);
  });

  it('makes a table that the draft names for the first time, whose points are read at once', async () => {
    const { gateway, read, post, onDisk } = await start();
    const view = await read();
    const yaml = view.yaml.replace(
      /^( {2}- \{ id: pump.*)$/m,
      (line) => `${line}\n${line.replaceAll('pump', 'valve')}`,
    );
    const cells = [view.tables[0]!.cells[0]!, good];
    const draft = { yaml, tables: [...view.tables, { path: 'points/valve.csv', cells }], base: view.hash };
    expect((await post('/api/configuration-apply', draft)).body.result).toBe('applied');
    expect((await onDisk())[1]).toBe(table);
    await vi.waitFor(() => {
      const valve = gateway.status().devices.find(({ id }) => id === 'valve');
      expect([valve?.state, (valve?.samples ?? 0) > 0]).toEqual(['online', true]);
    }, 8_000);
  });
});
