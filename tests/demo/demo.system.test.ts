import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { killAll, lifeline } from '../gateway/processes.ts';

const consolePort = 8080;
afterAll(killAll);

const demo = (...args: string[]) => lifeline('demo', '--lang', 'en', ...args);

/** The processes that a process has started and that still run, with their command lines. */
function childrenOf(pid: number): { readonly pid: number; readonly command: string }[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return pids.map((child) => ({
    pid: child,
    command: readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' '),
  }));
}

/** Takes a port, or finds it taken already: either way it is not free. */
async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.once('error', () => done());
    server.listen(port, '127.0.0.1', done);
  });
  return server;
}

const utility = { plcs: expect.any(Number), tags: expect.any(Number), samples: expect.any(Number), badSamples: 0 };
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('lifeline demo', () => {
  it('finds its burst, brings the alarm to the subscriber, and says so in the report of the contract', async () => {
    const report = join(mkdtempSync(join(tmpdir(), 'lifeline-')), 'demo.json');
    const run = demo('--for', '34s', '--no-console', '--report', report);
    const { code, stdout } = await run.ended;
    expect(code, stdout).toBe(0);
    const found = JSON.parse(readFileSync(report, 'utf8'));
    expect(found).toMatchObject({
      ...{ ok: true, seed: 1, durationS: expect.any(Number) },
      utilities: { water: utility, heating: utility, gas: utility, gallery: utility, lighting: utility },
      polls: { due: expect.any(Number), late: expect.any(Number), p99LatenessMs: expect.any(Number) },
      incident: {
        ...{ kind: 'water.burst', startedAt: instant, detectedAt: instant, asset: found.incident.truthAsset },
        decision: { model: expect.stringMatching(/^score .* ≥ 0\.5/) },
      },
      alarms: { raised: 1, falseAlarms: 0 },
      latencyMs: { registerToBroker: { p50: expect.any(Number), p99: expect.any(Number) } },
      memoryMb: { gateway: expect.any(Number), city: expect.any(Number), broker: expect.any(Number) },
    });
    const { journaled, forwarded, received, duplicates } = found.events;
    expect([forwarded, received, duplicates]).toEqual([journaled, journaled, 0]);
    expect(journaled).toBeGreaterThanOrEqual(3);
    const sums = Object.values<typeof utility>(found.utilities);
    expect(sums.reduce((sum, { plcs }) => sum + plcs, 0)).toBeGreaterThanOrEqual(12);
    expect(sums.reduce((sum, { tags }) => sum + tags, 0)).toBeGreaterThanOrEqual(600);
    expect(stdout).toMatch(
      /city·truth.*main bursts[\s\S]*gateway +finding[\s\S]*alarm\.raised[\s\S]*received.*alarm\.raised/,
    );
  }, 90_000);

  it('serves the console on the next free port, and by Ctrl-C ends all its parts cleanly within 5 s', async () => {
    const taken = await occupy(consolePort);
    const run = demo();
    const url = /http:\/\/127\.0\.0\.1:(\d+)/.exec(await run.line(/console: http/));
    expect(Number(url?.[1])).toBeGreaterThan(consolePort);
    await run.line(/first sample/);
    expect(await (await fetch(url![0])).text(), 'the page that npm ci builds').toContain('<script type="module"');
    const parts = childrenOf(run.child.pid!);
    expect(parts.map(({ command }) => /main\.ts (sim|run|--port)/.exec(command)?.[1]).sort()).toEqual([
      '--port',
      'run',
      'sim',
    ]);
    const askedMs = performance.now();
    run.child.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect(code, stdout).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(5000);
    for (const { pid } of parts) expect(existsSync(`/proc/${pid}`), `process ${pid}`).toBe(false);
    expect(stdout).toMatch(/gateway\.stopped/);
    taken.close();
  }, 60_000);

  it('names the gateway as the link that broke when it is killed, and exits 1', async () => {
    const run = demo('--for', '60s', '--no-console');
    await run.line(/first sample/);
    const gateway = childrenOf(run.child.pid!).find(({ command }) => / run /.test(command));
    process.kill(gateway!.pid, 'SIGKILL');
    const { code, stdout } = await run.ended;
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/broken link: gateway;[^\n]*\n$/);
  }, 60_000);
});
