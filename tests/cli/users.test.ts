import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Console, createConsole } from '../../edge/console/server.ts';
import { realClock } from '../../edge/core/clock.ts';
import { AuditTrail } from '../../edge/store/audit-trail.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { createFixture, onLoopback } from '../console/fixture.ts';
import { rawRequest } from '../console/raw-request.ts';

const launcher = resolve(import.meta.dirname, '../../bin/lifeline.js');
const password = 'Schneefall im Mai 47';
let folder: string;
let server: Console | undefined;
let trail: AuditTrail | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-users-'));
});
afterEach(async () => {
  await server?.stop();
  await trail?.close();
  server = trail = undefined;
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command with what it reads and its token. */
function run(args: readonly string[], { input = '', token = '' } = {}): Promise<Ran> {
  const child = spawn(process.execPath, [launcher, ...args], { env: { ...process.env, LIFELINE_TOKEN: token } });
  const out = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].on('data', (chunk) => {
      out[stream] += chunk;
    });
  child.stdin.end(input);
  return new Promise((done) => child.on('close', (code) => done({ code, ...out })));
}
const on = (...args: string[]) => [...args, '--data', folder];

/** The console over the same folder, as a gateway that runs has it. */
async function serve() {
  const clock = realClock();
  trail = new AuditTrail(folder, { stamp: 'test' });
  const { source } = createFixture(clock, { spareTags: 2 });
  server = createConsole({ ...onLoopback(), localRole: undefined, source, clock, folder, audit: trail });
  return server.start();
}

describe('lifeline users and tokens', () => {
  it('make accounts and tokens that a running gateway goes by at once, each noted in its audit log', async () => {
    const { port, url } = await serve();
    const enter = async () => {
      const body = JSON.stringify({ name: '李娜', password });
      const headers = { 'content-type': 'application/json' };
      return (await rawRequest(port, { method: 'POST', path: '/api/sign-in', headers, body })).status;
    };
    expect(await enter()).toBe(401);
    const added = await run(on('users', 'add', '李娜', '--role', 'owner'), { input: `${password}\n` });
    expect(added).toMatchObject({ code: 0, stderr: '李娜: owner\n' });
    expect(await enter()).toBe(200);
    const made = await run(on('tokens', 'add', 'report', '--scope', 'viewer', '--days', '2'));
    expect(made.stdout).toMatch(/^llt_[\w-]{43}\n$/);
    const token = made.stdout.trim();
    const listed = await run(['alarms', 'list', '--json', '--console', url], { token });
    expect([listed.code, JSON.parse(listed.stdout)]).toEqual([0, []]);
    const refused = await run(['alarms', 'acknowledge', 'a/b', '--by', '张工', '--console', url], { token });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('LL-CONSOLE-ROLE')]);
    expect((await run(on('tokens', 'remove', 'report'))).code).toBe(0);
    const after = await run(['alarms', 'list', '--console', url], { token });
    expect([after.code, after.stderr]).toEqual([1, expect.stringContaining('LL-CONSOLE-SIGN-IN')]);
    const told = (await trail!.list(100, 100)).map(({ who, from, action, target }) => [who, from, action, target]);
    const terminal = expect.stringMatching(/@terminal$/);
    expect(told.filter(([, from]) => from === 'terminal').reverse()).toEqual([
      [terminal, 'terminal', 'users add', '李娜'],
      [terminal, 'terminal', 'tokens add', 'report'],
      [terminal, 'terminal', 'tokens remove', 'report'],
    ]);
    expect(await readFile(join(folder, 'accounts.json'), 'utf8')).not.toContain(token);
  }, 60_000);

  it('say with a code what cannot be, and change nothing', async () => {
    await run(on('users', 'add', 'li', '--role', 'owner'), { input: `${password}\n` });
    const weak = await run(on('users', 'add', 'wang', '--role', 'viewer'), { input: 'kurz\n' });
    expect([weak.code, weak.stderr]).toEqual([1, expect.stringContaining('LL-CONSOLE-PASSWORD')]);
    const last = await run(on('users', 'remove', 'li'));
    expect([last.code, last.stderr]).toEqual([1, expect.stringContaining('LL-CONSOLE-LAST-OWNER')]);
    const usage = await run(on('users', 'role', 'li', 'admin'));
    expect([usage.code, usage.stderr]).toEqual([2, expect.stringContaining('viewer, operator, engineer, owner')]);
    const { stdout } = await run(on('users', 'list', '--json'));
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'li', role: 'owner' }]);
  }, 60_000);
});

describe('lifeline audit', () => {
  it('finds the chain whole, writes it as a table, and names the entry that was changed', async () => {
    await run(on('users', 'add', 'li', '--role', 'owner'), { input: `${password}\n` });
    await run(on('users', 'role', 'li', 'owner'));
    const whole = await run(on('audit', 'verify', '--json'));
    expect([whole.code, JSON.parse(whole.stdout)]).toEqual([
      0,
      expect.objectContaining({ ok: true, entries: 2, broken: null }),
    ]);
    const out = join(folder, 'audit.csv');
    expect((await run(on('audit', 'export', '--out', out))).stdout).toContain('2 ');
    expect(await readFile(out, 'utf8')).toMatch(
      /^\uFEFFsequence,time,who[^\n]*\n1,\d{4}-[^\n]*users add,li,done[^\n]*\n2,[^\n]*users role/,
    );
    const database = await openDatabase(join(folder, 'audit.db'));
    await database.exec(`UPDATE audit SET body = replace(body, '"li"', '"xi"') WHERE sequence = 1`);
    await database.close();
    const broken = await run(on('audit', 'verify'));
    expect([broken.code, broken.stderr]).toEqual([1, 'entry 1: the entry is not the one that was hashed\n']);
    const none = await run(['audit', 'verify', '--data', join(folder, 'nowhere')]);
    expect([none.code, none.stderr]).toEqual([4, expect.stringContaining('LL-STORE-OPEN')]);
  }, 60_000);
});
