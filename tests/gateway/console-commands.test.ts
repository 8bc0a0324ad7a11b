import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { type ConsoleRole, consoleRoles } from '../../edge/console/grants.ts';
import type { AuditView, CommandView, ModelView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Problem } from '../../edge/core/errors.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { isChinese } from '../console/chinese.ts';
import { cheap, nameOf, passwordOf } from '../console/gated-console.ts';
import { plcOf, point } from '../plc/plc.ts';

const clock = realClock();
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const table = [
  'tag,table,address,type,scale,unit,low,high,writable',
  'set,holding,100,int16,0.1,%,0,50,yes',
  'open,holding,101,int16,0.1,%,0,50,',
  'wide,holding,102,int16,0.1,%,,,yes',
].join('\n');

type Headers = Readonly<Record<string, string>>;

/** A gateway with a PLC of three outputs, a console that lets `writes` write, and an account of every role. */
async function open(writes: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-console-commands-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const plant: number[] = [];
  const points = ['set', 'open', 'wide'].map((name, at) => {
    const write = (value: number) => void plant.push(value);
    const read = () => plant.at(-1) ?? 30;
    return point(name, { address: 100 + at, type: 'int16', scale: 0.1, low: 0, high: 100, read, write });
  });
  const server = await serveModbus(createScan(plcOf('ps-1', 1, points), seededRandom(1)), { port: 0 });
  endings.push(() => server.close());
  await writeFile(join(folder, 'ps-1.csv'), `${table}\n`);
  const device = `{ id: ps-1, driver: modbus, endpoint: "${server.endpoint}", unit: 1, points: ps-1.csv }`;
  await writeFile(
    join(folder, 'g.yaml'),
    `gateway: { id: gw }\nconsole: { enabled: true${writes} }\ndevices:\n  - ${device}\n`,
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
  const accounts = new Accounts({ folder: host.dataDir, clock, secretBytes: systemSecrets, cost: cheap });
  const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
  endings.push(() => gateway.stop());
  await gateway.start();
  for (const role of consoleRoles) await accounts.add(nameOf(role), role, passwordOf(role));
  await vi.waitFor(() => expect(gateway.status().devices[0]?.samples).toBeGreaterThan(0), 20_000);
  const url = gateway.status().consoleUrl!;
  const send = (path: string, body: object, headers: Headers = {}) =>
    fetch(`${url}${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', origin: url, ...headers },
    });
  const signIn = async (role: ConsoleRole): Promise<Headers> => {
    const answer = await send('/api/sign-in', { name: nameOf(role), password: passwordOf(role) });
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
  };
  const ask = async (body: object, headers: Headers) => {
    const answer = await send('/api/command', body, headers);
    return { status: answer.status, body: (await answer.json()) as CommandView & Problem };
  };
  const read = async <View>(path: string, headers: Headers) =>
    (await (await fetch(`${url}${path}`, { headers })).json()) as View;
  return { plant, accounts, signIn, ask, read };
}

let count = 0;
const command = (over: object = {}) => ({
  ...{ id: `c-${++count}`, tag: 'ps-1/set', value: 42.5, expires: clock.wallMs() + 60_000, why: '夜间降压' },
  ...over,
});

describe('a command over the console', () => {
  it('is written once, read back, and kept in the audit log with what stood before and why', async () => {
    const { plant, signIn, ask, read } = await open(', writes: operator');
    const operator = await signIn('operator');
    const { writes } = await read<ModelView>('/api/model', operator);
    expect(writes).toEqual({ least: 'operator', outputs: [{ tag: 0, low: 0, high: 50, whole: false }] });
    const first = command();
    const done = await ask(first, operator);
    expect(done).toMatchObject({ status: 200, body: { outcome: 'done', readBack: 42.5, before: 30, problem: null } });
    // the same command again, as after a lost answer, is answered and not written
    expect((await ask(first, operator)).body).toMatchObject({ outcome: 'done', readBack: 42.5 });
    expect(plant).toEqual([42.5]);
    const { entries } = await read<AuditView>('/api/audit', await signIn('engineer'));
    const own = entries.filter(({ action }) => action === '/api/command').at(-1);
    expect(own).toMatchObject({ who: nameOf('operator'), role: 'operator', target: 'ps-1/set', outcome: 'done' });
    expect(own).toMatchObject({ before: 30, after: { value: 42.5, why: '夜间降压', outcome: 'done', readBack: 42.5 } });
    const journaled = entries.filter(({ action }) => action.startsWith('command.'));
    expect(journaled.map(({ action, who, from }) => [action, who, from]).toReversed()).toEqual([
      ['command.accepted', nameOf('operator'), 'console'],
      ['command.done', nameOf('operator'), 'console'],
    ]);
  }, 60_000);

  it('is refused with its reason in both languages by role, way, range, time and id, and nothing reaches the device', async () => {
    const { plant, accounts, signIn, ask } = await open(', writes: engineer');
    const [viewer, operator, engineer, owner] = [
      ...[await signIn('viewer'), await signIn('operator'), await signIn('engineer'), await signIn('owner')],
    ] as [Headers, Headers, Headers, Headers];
    const token = await accounts.addToken('script', 'engineer', 1, 'test');
    const used = command();
    expect((await ask(used, engineer)).status).toBe(200);
    const past = clock.wallMs() - 1;
    const asked: readonly (readonly [status: number, code: string, body: object, headers: Headers])[] = [
      [401, 'CONSOLE-SIGN-IN', command(), {}],
      [403, 'CONSOLE-ROLE', command(), viewer],
      [403, 'CONTROL-FORBIDDEN', command(), operator],
      [403, 'CONTROL-FORBIDDEN', command(), { authorization: `Bearer ${token}` }],
      [403, 'CONSOLE-ORIGIN', command(), { ...engineer, origin: 'http://elsewhere.example' }],
      [404, 'CONTROL-TAG', command({ tag: 'ps-1/nothing' }), engineer],
      [422, 'CONTROL-READONLY', command({ tag: 'ps-1/open' }), engineer],
      [422, 'CONTROL-RANGE', command({ value: 50.1 }), engineer],
      [422, 'CONTROL-RANGE', command({ tag: 'ps-1/wide' }), engineer],
      [409, 'CONTROL-EXPIRED', command({ expires: past }), engineer],
      [409, 'CONTROL-EXPIRED', command({ expires: past + 86_400_000 }), engineer],
      [409, 'CONTROL-REPLAYED', { ...used, value: 12 }, engineer],
      [409, 'CONTROL-REPLAYED', used, owner],
      [400, 'CONSOLE-REQUEST', { ...command(), why: '' }, engineer],
    ];
    const seen: (readonly [number, string])[] = [];
    for (const [, , body, headers] of asked) {
      const { status, body: problem } = await ask(body, headers);
      seen.push([status, problem.code.replace('LL-', '')]);
      expect([problem.code, isChinese(problem.zh.message), isChinese(problem.zh.next)]).toEqual([
        ...[problem.code, true, true],
      ]);
    }
    expect(seen).toEqual(asked.map(([status, code]) => [status, code]));
    expect(plant).toEqual([42.5]);
  }, 60_000);

  it('is refused to everybody where the configuration lets nobody, whom pages offer nothing', async () => {
    const { plant, signIn, ask, read } = await open('');
    const owner = await signIn('owner');
    expect((await read<ModelView>('/api/model', owner)).writes).toBeUndefined();
    expect(await ask(command(), owner)).toMatchObject({ status: 403, body: { code: 'LL-CONTROL-FORBIDDEN' } });
    expect(plant).toEqual([]);
  }, 60_000);
});
