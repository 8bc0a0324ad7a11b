import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Passwords, usualCost, weakness } from '../../edge/console/access/passwords.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { type Gated, nameOf, openGated, passwordOf } from './gated-console.ts';

let gate: Gated;
beforeEach(async () => {
  gate = await openGated();
});
afterEach(() => gate.close());

const wrong = (name: string, from?: string) =>
  gate.post('/api/sign-in', { name, password: 'Regenbogen 2031 nass' }, {}, from);
const codeOf = ({ body }: { body: string }) => JSON.parse(body).code;

describe('guessing', () => {
  it('is answered alike for accounts that there are and that there are not', async () => {
    const answers = [await wrong(nameOf('owner')), await wrong('nobody-li')];
    for (const { headers } of answers) delete headers.date;
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 401 });
    expect(codeOf(answers[0]!)).toBe('LL-CONSOLE-CREDENTIALS');
  });

  it('costs the same computing for a name that there is and one that there is not', async () => {
    expect(await new Passwords(systemSecrets).keep('Schneefall im Mai 47')).toMatchObject(usualCost);
    const passwords = new Passwords(systemSecrets, { N: 8192, r: 8, p: 1 });
    const kept = await passwords.keep('Schneefall im Mai 47');
    const costOf = async (of: typeof kept | undefined) => {
      const before = process.cpuUsage();
      expect(await passwords.matches('falsch geraten 12', of)).toBe(false);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    // in turn, and the cheapest of each: what else the process does meanwhile only adds
    const costs: (readonly [known: number, unknown: number])[] = [];
    for (let times = 0; times < 8; times++) costs.push([await costOf(kept), await costOf(undefined)]);
    const [known, unknown] = [Math.min(...costs.map(([one]) => one)), Math.min(...costs.map(([, one]) => one))];
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });

  it('ends after ten tries a minute with one name, from wherever they come, right password included', async () => {
    const name = nameOf('operator');
    const codes: string[] = [];
    for (let at = 0; at < 12; at++) codes.push(codeOf(await wrong(name, `127.0.0.${10 + at}`)));
    expect(codes.filter((code) => code === 'LL-CONSOLE-CREDENTIALS')).toHaveLength(10);
    expect(codes.slice(10)).toEqual(['LL-CONSOLE-TRIES', 'LL-CONSOLE-TRIES']);
    const right = { name, password: passwordOf('operator') };
    expect((await gate.post('/api/sign-in', right, {}, '127.0.0.40')).status).toBe(429);
    await gate.clock.advance(60_000);
    expect((await gate.post('/api/sign-in', right, {}, '127.0.0.40')).status).toBe(200);
  });

  it('ends after ten tries a minute from one address, whatever the names, and not from others', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 12; at++) statuses.push((await wrong(`name-${at}`, '127.0.0.7')).status);
    expect(statuses).toEqual([...new Array(10).fill(401), 429, 429]);
    await gate.signIn('viewer');
  });

  it('locks a name after twenty failures in a row for a quarter of an hour, there or not', async () => {
    for (const name of [nameOf('engineer'), 'nobody-li']) {
      for (let at = 0; at < 20; at++) {
        if (at === 10) await gate.clock.advance(60_000);
        expect((await wrong(name, `127.0.1.${at}`)).status).toBe(401);
      }
      await gate.clock.advance(60_000);
      expect((await wrong(name, '127.0.1.99')).status).toBe(429);
    }
    const right = { name: nameOf('engineer'), password: passwordOf('engineer') };
    expect((await gate.post('/api/sign-in', right)).status).toBe(429);
    await gate.clock.advance(15 * 60_000);
    expect((await gate.post('/api/sign-in', right)).status).toBe(200);
  });

  it.each([
    ['Kurz 12', '7 characters'],
    ['aaaaaaaaaaaaaaaab', 'fewer than 6'],
    ['mein-li-ist-gut', 'the name'],
    ['Password-2026!!', 'guessers'],
    [`x${'y1z2w3'.repeat(30)}`, '181 characters'],
  ])('%s is no password', (password, why) => {
    expect(weakness(password, 'li')?.en).toContain(why);
  });
});

describe('a session', () => {
  it('is a cookie that scripts and other pages never see', async () => {
    const { headers } = await gate.post('/api/sign-in', { name: nameOf('viewer'), password: passwordOf('viewer') });
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^lifeline-hrb-07=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/),
    ]);
  });

  it('ends by itself after an hour without use, and after twelve with it', async () => {
    const cookie = await gate.signIn('viewer');
    const status = async () => (await gate.get('/api/alarms', cookie)).status;
    for (let hour = 0; hour < 11; hour++) {
      await gate.clock.advance(59 * 60_000);
      expect(await status()).toBe(200);
    }
    await gate.clock.advance(80 * 60_000);
    expect(await status()).toBe(401);
    const idle = await gate.signIn('viewer');
    await gate.clock.advance(60 * 60_000);
    expect((await gate.get('/api/alarms', idle)).status).toBe(401);
  });

  it('ends with the sign-out, with another password and with the account; the role holds from the next request on', async () => {
    const [first, second] = [await gate.signIn('operator'), await gate.signIn('operator')];
    const owner = await gate.signIn('owner');
    const status = async (cookie: { cookie: string }) => (await gate.get('/api/alarms', cookie)).status;
    const act = async () => (await gate.post('/api/acknowledge', { alarm: 'dma-2/none' }, second)).status;
    await gate.post('/api/sign-out', {}, first);
    expect([await status(first), await status(second), await act()]).toEqual([401, 200, 404]);
    const name = nameOf('operator');
    expect((await gate.post('/api/account-role', { name, role: 'viewer' }, owner)).status).toBe(200);
    expect([await status(second), await act()]).toEqual([200, 403]);
    await gate.post('/api/account-password', { name, password: 'Regenbogen 2031 nass' }, owner);
    expect(await status(second)).toBe(401);
    const viewer = await gate.signIn('viewer');
    await gate.post('/api/account-remove', { name: nameOf('viewer') }, owner);
    expect(await status(viewer)).toBe(401);
  });

  it('goes on over a restart, the time away counts, and the file opens nothing to who reads it', async () => {
    const [cookie, idle] = [await gate.signIn('operator'), await gate.signIn('viewer')];
    const status = async (shown: { cookie: string }) => (await gate.get('/api/alarms', shown)).status;
    await gate.clock.advance(30 * 60_000);
    expect(await status(cookie)).toBe(200);
    await gate.restart(31 * 60_000);
    expect([await status(cookie), await status(idle)]).toEqual([200, 401]);
    const file = join(gate.folder, 'sessions.json');
    const text = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const name = cookie.cookie.split('=', 1)[0];
    expect(text).not.toContain(cookie.cookie.split('=')[1]);
    expect(text).not.toContain((await gate.accounts.find(nameOf('operator')))?.password.hash);
    for (const [word] of text.matchAll(/[\w-]{43}/g)) expect(await status({ cookie: `${name}=${word}` })).toBe(401);
    for (let hour = 0; hour < 10; hour++) {
      await gate.clock.advance(59 * 60_000);
      expect(await status(cookie)).toBe(200);
      await gate.restart();
    }
    await gate.clock.advance(59 * 60_000);
    await gate.restart(59 * 60_000);
    expect(await status(cookie)).toBe(401);
  });

  it('that ended does not come back by a restart: sign-out, another password, the account gone, the clock set back', async () => {
    const roles = ['viewer', 'operator', 'engineer', 'owner'] as const;
    const [out, changed, gone, left] = await Promise.all(roles.map((role) => gate.signIn(role)));
    const status = async (shown?: { cookie: string }) => (await gate.get('/api/alarms', shown)).status;
    await gate.post('/api/sign-out', {}, out);
    await gate.accounts.remove(nameOf('engineer'));
    await gate.accounts.setPassword(nameOf('operator'), 'Regenbogen 2031 nass');
    await gate.restart();
    expect([await status(out), await status(changed), await status(gone), await status(left)]).toEqual([
      ...[401, 401, 401],
      200,
    ]);
    await gate.clock.advance(50 * 60_000);
    expect(await status(left)).toBe(200);
    gate.clock.jumpWall(-24 * 3_600_000);
    await gate.restart(59 * 60_000);
    await gate.clock.advance(20 * 60_000);
    expect(await status(left)).toBe(401);
  });

  it.each([
    ['no JSON', '{'],
    ['of another shape', '{"format":"lifeline-sessions/1","wallMs":0,"sessions":[{"digest":1}]}'],
    ['of another format', '{"format":"lifeline-sessions/9","wallMs":0,"sessions":[]}'],
  ])('is none where the file is %s, and people sign in again', async (_, content) => {
    const cookie = await gate.signIn('viewer');
    await gate.restart(0, () => writeFile(join(gate.folder, 'sessions.json'), content));
    expect((await gate.get('/api/alarms', cookie)).status).toBe(401);
    expect((await gate.get('/api/alarms', await gate.signIn('viewer'))).status).toBe(200);
  });

  it('is none where others may read the file', async () => {
    const cookie = await gate.signIn('viewer');
    await gate.restart(0, () => chmod(join(gate.folder, 'sessions.json'), 0o644));
    expect((await gate.get('/api/alarms', cookie)).status).toBe(401);
  });

  it('closes the live feed when it ends, so that nobody goes on watching', async () => {
    const cookie = await gate.signIn('viewer');
    const headers = { ...cookie, ...gate.own };
    const socket = new WebSocket(`${gate.url.replace('http', 'ws')}/api/live`, { headers } as unknown as string[]);
    await new Promise((resolve, reject) => {
      socket.onmessage = resolve;
      socket.onerror = reject;
    });
    await gate.post('/api/sign-out', {}, cookie);
    const closed = new Promise<CloseEvent>((resolve) => {
      socket.onclose = resolve;
    });
    await gate.clock.advance(10_000);
    expect((await closed).code).toBe(4401);
  });
});

describe('accounts', () => {
  it('lie in a file that only its owner reads, with no password and no token in it', async () => {
    const file = join(gate.folder, 'accounts.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(passwordOf('owner'));
    expect(text).not.toContain(gate.tokens.engineer);
  });

  it('let nobody in while their file may be read by others, is damaged or cannot be read', async () => {
    const file = join(gate.folder, 'accounts.json');
    const cookie = await gate.signIn('owner');
    await chmod(file, 0o644);
    expect((await gate.get('/api/alarms', cookie)).status).toBe(503);
    await chmod(file, 0o600);
    const sound = await readFile(file, 'utf8');
    await writeFile(file, sound.slice(0, -20));
    const answer = await gate.get('/api/alarms', cookie);
    expect([answer.status, codeOf(answer)]).toEqual([503, 'LL-CONSOLE-ACCOUNTS']);
    expect((await gate.get('/api/session')).status).toBe(503);
    await writeFile(file, sound);
    expect((await gate.get('/api/alarms', cookie)).status).toBe(200);
  });

  it('keep an owner, and a name once', async () => {
    const owner = await gate.signIn('owner');
    const name = nameOf('owner');
    for (const [path, body] of [
      ['/api/account-remove', { name }],
      ['/api/account-role', { name, role: 'engineer' }],
      ['/api/account-add', { name, role: 'viewer', password: 'Regenbogen 2031 nass' }],
    ] as const)
      expect([path, (await gate.post(path, body, owner)).status]).toEqual([path, 409]);
    expect((await gate.post('/api/account-add', { name: 'li na', role: 'viewer', password: 'x' }, owner)).status).toBe(
      409,
    );
    expect(
      (await gate.post('/api/account-add', { name: '李娜', role: 'viewer', password: 'kurz' }, owner)).status,
    ).toBe(400);
    expect(
      (await gate.post('/api/account-add', { name: '李娜', role: 'viewer', password: '供水管网三号泵站雪天' }, owner))
        .status,
    ).toBe(400);
    const good = { name: '李娜', role: 'viewer', password: '供水管网三号泵站雪天夜班' };
    expect((await gate.post('/api/account-add', good, owner)).status).toBe(200);
    expect((await gate.post('/api/sign-in', { name: '李娜', password: good.password })).status).toBe(200);
  });

  it('give a token once, by which a script may what its scope says until its time is over', async () => {
    const owner = await gate.signIn('owner');
    const made = await gate.post('/api/token-add', { name: 'nagios', scope: 'viewer', days: 2 }, owner);
    const headers = { authorization: `Bearer ${JSON.parse(made.body).token}` };
    expect((await gate.get('/api/alarms', headers)).status).toBe(200);
    const listed = await gate.get('/api/accounts', owner);
    expect(listed.body).toContain('nagios');
    expect(listed.body).not.toContain(JSON.parse(made.body).token);
    await gate.clock.advance(2 * 86_400_000);
    expect((await gate.get('/api/alarms', headers)).status).toBe(401);
  });

  it('change a password only for whoever knows the one before', async () => {
    const cookie = await gate.signIn('engineer');
    const change = (before: string) =>
      gate.post('/api/password', { passwordBefore: before, password: 'Regenbogen 2031 nass' }, cookie);
    expect((await change('Regenbogen 2031 nass')).status).toBe(401);
    expect((await change(passwordOf('engineer'))).status).toBe(200);
    expect((await gate.get('/api/alarms', cookie)).status).toBe(401);
    expect(
      (await gate.post('/api/sign-in', { name: nameOf('engineer'), password: 'Regenbogen 2031 nass' })).status,
    ).toBe(200);
  });
});
