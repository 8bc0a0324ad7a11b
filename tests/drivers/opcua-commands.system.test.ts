import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import opcua from 'node-opcua';
import { afterAll, describe, expect, test } from 'vitest';
import { type BrowsedNode, browse } from '../../drivers/opcua/browse.ts';
import type { OfferedEndpoint } from '../../drivers/opcua/discovery.ts';
import { pointHeader, pointRows } from '../../drivers/opcua/point-rows.ts';
import type { Reading } from '../../drivers/opcua/reading.ts';
import { csvCells } from '../../edge/config/csv-cells.ts';
import { readPointTable } from '../../edge/config/point-table.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { addEnumerations } from './opcua-enumerations.ts';
import { folder, freePort, serverOn, sessionOn } from './opcua-server.ts';

afterAll(killAll);

interface WatchedLine {
  readonly tag: string;
  readonly value: number | string | null;
  readonly quality: string;
}

const parse = <Type>(text: string): Type => JSON.parse(text) as Type;

describe('lifeline browse', () => {
  test('prints the tree with types and values, and a point table that can be read as one', async () => {
    const { endpoint } = await serverOn(await freePort());
    const { code, stdout } = await lifeline('browse', endpoint).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^temp +nsu=urn:test:plc;s=temp {2}Double {2}21\.5 {2}writable$/m);
    expect(stdout).toMatch(/^pair +nsu=urn:test:plc;s=pair {2}Double\[\] {2}\[1,5\] {2}writable$/m);
    const csv = await lifeline('browse', endpoint, '--csv').ended;
    const table = readPointTable([{ file: 'points.csv', rows: csvCells(csv.stdout).rows }]);
    expect(table.problems).toEqual([]);
    expect(table.rows.map(({ row }) => [row.tag, row.node, row.type])).toEqual([
      ['temp', 'nsu=urn:test:plc;s=temp', 'float64'],
      ['level', 'nsu=urn:test:plc;s=level', 'float32'],
      ['run', 'nsu=urn:test:plc;s=run', 'bool'],
      ['small', 'nsu=urn:test:plc;s=small', 'int16'],
      ['total', 'nsu=urn:test:plc;s=total', 'uint32'],
      ['energy', 'nsu=urn:test:plc;s=energy', 'int64'],
      ['volume', 'nsu=urn:test:plc;s=volume', 'uint64'],
      ['text', 'nsu=urn:test:plc;s=text', 'string-utf8'],
      ['pair[0]', 'nsu=urn:test:plc;s=pair[0]', 'float64'],
      ['pair[1]', 'nsu=urn:test:plc;s=pair[1]', 'float64'],
    ]);
    const json = parse<BrowsedNode[]>((await lifeline('browse', endpoint, '--json', '--depth', '1').ended).stdout);
    expect(json.find(({ path }) => path[0] === 'text')?.reading).toMatchObject({ value: 'pump', type: 'String' });
  }, 30_000);

  test('prints a point table that a gateway watches as it is, with texts, arrays and states', async () => {
    const { endpoint, server } = await serverOn(await freePort());
    addEnumerations(server);
    const csv = await lifeline('browse', endpoint, '--csv').ended;
    await writeFile(join(folder, 'points.csv'), csv.stdout);
    const plc = `{ id: plc, driver: opcua, endpoint: "${endpoint}", security: { policy: None }, points: points.csv }`;
    const config = join(folder, 'gateway.yaml');
    await writeFile(config, `gateway: { id: g, name: g, timezone: Asia/Harbin }\ndevices:\n  - ${plc}\n`);
    const { code, stdout } = await lifeline('watch', '-c', config, '--for', '8s', '--data', folder).ended;
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter((line) => line !== '');
    const values = new Map(
      lines.map((line) => parse<WatchedLine>(line)).map(({ tag, value, quality }) => [tag, [value, quality]]),
    );
    const wanted = { temp: 21.5, text: 'pump', 'pair[1]': 5, mode: 0, valve: 1 };
    for (const [tag, value] of Object.entries(wanted)) expect(values.get(`plc/${tag}`)).toEqual([value, 'good']);
  }, 40_000);

  test('finds the names of states wherever a server has them', async () => {
    const { endpoint, server } = await serverOn(await freePort());
    addEnumerations(server);
    const { session, limits } = await sessionOn(endpoint);
    const { nodes } = await browse(opcua, session, 'i=85', 3, limits);
    const rows = new Map(pointRows(nodes).map((row) => [row[0], row]));
    const states = (tag: string) => rows.get(tag)?.[pointHeader.indexOf('states')];
    expect(['mode', 'fault', 'speed', 'valve', 'small'].map(states)).toEqual([
      '0=OFF;1=HAND;2=AUTO',
      '0=none;16=overload',
      '10=slow;20=fast',
      '0=shut;1=open',
      '',
    ]);
  });

  test('says what is no node of the server, and exits with 4 when nothing answers', async () => {
    const { endpoint } = await serverOn(await freePort());
    const unknown = await lifeline('browse', endpoint, 'ns=1;s=nowhere').ended;
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('LL-OPCUA-NODE')]);
    const nobody = `opc.tcp://127.0.0.1:${await freePort()}`;
    for (const command of [
      ['browse', nobody],
      ['scan', 'opcua', nobody, '--data', folder],
      ['read', 'opcua', nobody, 'i=85'],
    ]) {
      const { code, stderr, stdout } = await lifeline(...command).ended;
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toContain(nobody);
    }
  }, 60_000);

  test('names points by the shortest end of their paths that is unique', () => {
    const reading: Reading = {
      ...{ node: '', value: 1, type: 'Float', quality: 'good', status: 'Good', sourceTime: null },
    };
    const at = (...path: string[]): BrowsedNode => ({
      ...{ path, node: `ns=2;s=${path.join('/')}`, class: 'Variable', description: 'a, "b"', reading, writable: true },
      ...{ unit: 'bar', low: 0, high: 16, states: { 0: 'off', 1: 'on' } },
    });
    const rows = pointRows([at('a', 'p'), at('b', 'p'), at('b', 'q'), at('b', 'q')]);
    expect(rows.map(([tag]) => tag)).toEqual(['a.p', 'b.p', 'b.q', 'b.q-2']);
    expect(rows[0]).toEqual(['a.p', 'ns=2;s=a/p', 'float32', 'bar', '0', '16', '0=off;1=on', 'a, "b"']);
  });
});

describe('lifeline read opcua', () => {
  test('prints value, type, quality and time of each node, and element n of an array', async () => {
    const { endpoint } = await serverOn(await freePort());
    const nodes = [
      'ns=1;s=temp',
      'nsu=urn:test:plc;s=pair[1]',
      'ns=1;s=energy',
      'ns=1;s=text',
      'ns=1;s=tmep',
      'nsu=urn:x;i=1',
    ];
    const { code, stdout } = await lifeline('read', 'opcua', endpoint, ...nodes, '--json').ended;
    expect(code).toBe(0);
    const good = { quality: 'good', status: 'Good', sourceTime: '1970-01-01T00:00:05.000Z' };
    const bad = { value: null, type: null, quality: 'config', status: 'BadNodeIdUnknown' };
    expect(parse<Reading[]>(stdout)).toEqual([
      { node: nodes[0], value: 21.5, type: 'Double', ...good },
      { node: nodes[1], value: 5, type: 'Double', ...good },
      { node: nodes[2], value: -2, type: 'Int64', ...good },
      { node: nodes[3], value: 'pump', type: 'String', ...good },
      { node: nodes[4], sourceTime: null, ...bad },
      { node: nodes[5], sourceTime: null, ...bad },
    ]);
  }, 30_000);
});

describe('lifeline scan opcua and lifeline opcua', () => {
  test('find a server, trust it by thumbprint, and a secure read goes through', async () => {
    const { endpoint } = await serverOn(await freePort());
    const data = join(folder, 'site');
    const passwordFile = join(folder, 'reader');
    await writeFile(passwordFile, 'right');
    const scan = async () =>
      parse<OfferedEndpoint[]>((await lifeline('scan', 'opcua', endpoint, '--data', data, '--json').ended).stdout);
    const [first] = await scan();
    expect(first).toMatchObject({ trusted: false, users: expect.arrayContaining(['Anonymous', 'UserName']) });
    const read = ['read', 'opcua', endpoint, 'ns=1;s=temp', '--policy', 'Aes256_Sha256_RsaPss', '--data', data];
    const login = ['--user', 'reader', '--password-file', passwordFile];
    const refused = await lifeline(...read, ...login).ended;
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(first!.certificate!.thumbprint)]);
    const trust = await lifeline('opcua', 'trust', first!.certificate!.thumbprint, '--data', data, '--json').ended;
    expect(parse<{ role: string }>(trust.stdout).role).toBe('trusted');
    expect((await scan()).every(({ trusted }) => trusted)).toBe(true);
    expect((await lifeline(...read, ...login).ended).stdout).toContain('21.5');
    const list = await lifeline('opcua', 'list', '--data', data).ended;
    expect(list.stdout).toMatch(/^own +[0-9a-f]{40} .*\ntrusted +[0-9a-f]{40} /m);
  }, 60_000);
});
