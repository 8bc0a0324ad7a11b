import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { startBroker } from '../../simulator/platform/broker.ts';
import { freeBasePort, freePort, killAll, lifeline, node } from '../gateway/processes.ts';

afterAll(killAll);

const hang = fileURLToPath(new URL('fixtures/hang-on-signal.ts', import.meta.url));
const main = resolve(import.meta.dirname, '../../edge/cli/main.ts');
/** As the unit of the packages has it (RestartSec=). */
const restartMs = 2_000;

it('R22: a gateway whose event loop is blocked for 60 s reads again within 40 s; SIGTERM under load ends it clean in 5 s, queues flushed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-hung-'));
  const [config, data] = [join(folder, 'config/gateway.yaml'), join(folder, 'data')];
  const brokerPort = await freePort();
  const base = String(await freeBasePort(30, 29_000));
  const written = ['--write-gateway', join(folder, 'config'), '--broker', `mqtt://127.0.0.1:${brokerPort}`];
  const city = lifeline('sim', '--json', '--base-port', base, ...written);
  await city.line(/"listening"/);
  const broker = await startBroker({ port: brokerPort, host: '127.0.0.1' });
  const run = () => node('--import', hang, main, 'run', '-c', config, '--data', data, '--no-console', '--json');
  const first = run();
  await first.line(/first sample/);
  const since = performance.now();
  first.child.kill('SIGUSR2');
  const { code, stderr } = await first.ended;
  expect(code).toBeNull();
  expect(stderr).toMatch(/hangs\n(.*\n)*.*the event loop has not turned for/);
  await new Promise((done) => setTimeout(done, restartMs));
  const second = run();
  await second.line(/first sample/);
  expect(performance.now() - since).toBeLessThan(40_000);
  await new Promise((done) => setTimeout(done, 5_000));
  const stopped = await second.stop();
  expect(stopped.code).toBe(0);
  expect(stopped.tookMs).toBeLessThan(5_000);
  const status = JSON.parse(stopped.stdout) as { journaled: number; sinks: readonly { pending: number }[] };
  expect(status.sinks.map(({ pending }) => pending)).toEqual([0]);
  expect(status.journaled).toBeGreaterThan(3);
  await broker.stop();
  await city.stop();
  await rm(folder, { recursive: true });
});
