import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { type Console, createConsole } from '../../edge/console/server.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, type Fixture, onLoopback } from './fixture.ts';
import { json, rawRequest } from './raw-request.ts';

export let clock: VirtualClock;
export let city: Fixture;
export let server: Console;
export let port: number;
export let page: string;
export let warnings: Readonly<Record<string, unknown>>[];
export let extra: Console[];
export const sockets = new Set<{ close(): void }>();

/** Gives every test of a file a city in virtual time and a console of it. */
export function useConsole(): void {
  beforeEach(async () => {
    page = await mkdtemp(join(tmpdir(), 'lifeline-page-'));
    await mkdir(join(page, 'assets'));
    await writeFile(join(page, 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(page, 'assets/page-1a2b.js'), 'export const page = 1;');
    await writeFile(join(page, 'notes.secret'), 'not to be served');
    clock = new VirtualClock(Date.UTC(2026, 0, 15, 4));
    extra = [];
    await serve();
  });

  afterEach(async () => {
    for (const socket of sockets) socket.close();
    sockets.clear();
    for (const one of [server, ...extra]) await one.stop();
    await rm(page, { recursive: true });
  });
}

export async function serve(spareTags = 20): Promise<void> {
  await server?.stop();
  warnings = [];
  const log = { ...silentLog, warn: (fields: Readonly<Record<string, unknown>>) => void warnings.push(fields) };
  city = createFixture(clock, { spareTags });
  server = createConsole({
    ...onLoopback(),
    source: city.source,
    clock,
    log,
    page: pathToFileURL(`${page}/`),
  });
  port = (await server.start()).port;
}

export const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  rawRequest(port, { method, path, headers, body });

export const own = () => ({ origin: `http://127.0.0.1:${port}` });
export const acknowledge = (alarm: string, headers: Record<string, string> = own()) =>
  send('POST', '/api/acknowledge', { ...json, ...headers }, JSON.stringify({ alarm, by: '张工' }));
