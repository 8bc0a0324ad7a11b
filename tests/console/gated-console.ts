import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { type FirstStartPage, serveFirstStart } from '../../edge/console/first-start.ts';
import type { ConsoleFirstStart } from '../../edge/console/first-start-api.ts';
import { type ConsoleRole, consoleRoles, type TokenScope, tokenScopes } from '../../edge/console/grants.ts';
import { type Console, type ConsoleOptions, createConsole } from '../../edge/console/server.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, onLoopback } from './fixture.ts';
import { json, rawRequest } from './raw-request.ts';

/** Guesses are cheap here, so that tests are quick; the figures of the real cost are tested by themselves. */
export const cheap = { N: 1024, r: 1, p: 1 };
export const passwordOf = (role: ConsoleRole) => `Schneefall ${role} 47`;
export const nameOf = (role: ConsoleRole) => `${role}-li`;

/** What is served of a gateway. */
type Served = Pick<Console, 'start' | 'stop' | 'routes'>;

/** A console with an account of each role and a token of each scope, on a clock of the test's. */
export async function openGated(
  options: Partial<ConsoleOptions> = {},
  make: (options: ConsoleOptions) => Served = createConsole,
) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-gated-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  const clock = new VirtualClock(Date.UTC(2026, 0, 15, 4));
  const parts = { folder, clock, secretBytes: systemSecrets };
  const accounts = new Accounts({ ...parts, cost: cheap });
  for (const role of consoleRoles) await accounts.add(nameOf(role), role, passwordOf(role));
  const tokens = {} as Record<TokenScope, string>;
  for (const scope of tokenScopes) tokens[scope] = await accounts.addToken(`${scope}-script`, scope, 30, 'owner-li');
  const city = createFixture(clock, { spareTags: 2 });
  const page = pathToFileURL(`${folder}/`);
  const console = { ...onLoopback(), ...parts, source: city.source, page, passwordCost: cheap, ...options };
  const server = make(console);
  const { port, url } = await server.start();
  let running: Served = server;
  const own = { origin: url };
  const post = (path: string, body: unknown, headers: Record<string, string> = {}, from?: string) =>
    rawRequest(port, {
      ...{ method: 'POST', path, headers: { ...json, ...own, ...headers }, body: JSON.stringify(body) },
      ...(from ? { from } : {}),
    });
  const get = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(port, { method: 'GET', path, headers });
  /** Signs in and gives what the browser would send from then on. */
  async function signIn(role: ConsoleRole): Promise<{ cookie: string }> {
    const answer = await post('/api/sign-in', { name: nameOf(role), password: passwordOf(role) });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    if (answer.status !== 200) throw new Error(answer.body);
    return { cookie: cookie.split(';', 1)[0] ?? '' };
  }
  /** The gateway stops, is away for a while in which something may be done to its files, and starts anew on the same port. */
  async function restart(awayMs = 0, meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    await running.stop();
    await clock.advance(awayMs);
    await meanwhile();
    running = make({ ...console, port });
    await running.start();
  }
  return {
    restart,
    ...{ clock, accounts, tokens, city, server, port, url, own, folder, post, get, signIn },
    async close() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same of a gateway that has no configuration yet, of which nothing is carried out. */
export const openGatedFirstStart = () =>
  openGated({}, ({ folder, audit, clock, log, secretBytes, page, port }) => {
    let served: FirstStartPage | undefined;
    const firstStart = {
      columns: [],
      readTable: async () => ({ cells: [], problems: [] }),
    } as unknown as ConsoleFirstStart;
    return {
      async start() {
        const parts = { folder, audit, clock, log, secretBytes, page, port, version: '0' };
        served = await serveFirstStart({ ...parts, firstStart });
        return served;
      },
      stop: async () => served?.stop(),
      routes: () => served?.routes ?? [],
    };
  });

export type Gated = Awaited<ReturnType<typeof openGated>>;
