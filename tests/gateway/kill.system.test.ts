import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { openStore } from '../../edge/store/store.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { startSubscriber } from '../../simulator/platform/subscriber.ts';
import { freeBasePort, freePort, killAll, lifeline } from './processes.ts';

afterAll(killAll);

it('a gateway killed with SIGKILL and started again loses no event and gives no identity two contents', {
  timeout: 90_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-kill-'));
  const config = join(folder, 'config/gateway.yaml');
  const data = join(folder, 'data');
  const brokerPort = await freePort();
  const url = `mqtt://127.0.0.1:${brokerPort}`;
  const base = await freeBasePort(30, 25_000);
  const city = lifeline(
    'sim',
    '--json',
    '--base-port',
    String(base),
    '--write-gateway',
    join(folder, 'config'),
    '--broker',
    url,
  );
  await city.line(/"listening"/);
  const clock = realClock();
  const broker = await startBroker({ port: brokerPort, host: '127.0.0.1' });
  const received = new Set<string>();
  const subscriber = await startSubscriber({ url, gateway: 'hrb-07', clock, onEvent: ({ id }) => received.add(id) });
  const random = seededRandom(Number(process.env['SEED'] ?? 1), 'kill');
  for (let round = 0; round < 3; round++) {
    const gateway = lifeline('run', '-c', config, '--data', data, '--no-console');
    await gateway.line(round === 0 ? /first sample/ : /LL-|first sample|raised/);
    await new Promise((resolve) => setTimeout(resolve, 300 + random.next() * 1500));
    gateway.child.kill('SIGKILL');
    await gateway.ended;
  }
  const last = lifeline('run', '-c', config, '--data', data, '--no-console', '--json');
  await last.line(/first sample/);
  const { code, tookMs, stdout } = await last.stop();
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(5000);
  const status = JSON.parse(stdout);
  expect(status.sinks[0].pending).toBe(0);

  const store = await openStore({ dir: data, tags: new TagTable([]), clock, random: seededRandom(2), log: silentLog });
  const journaled = await store.journal.read(0, 10_000);
  await store.close();
  const started = journaled.filter((event) => event.type === 'gateway.started');
  expect(started.length).toBe(4);
  const gaps = journaled.filter((event) => event.type === 'gateway.data-gap').map(({ data }) => data);
  expect(gaps.length).toBe(3);
  for (const { fromMs, toMs } of gaps) expect(Number(toMs)).toBeGreaterThan(Number(fromMs));
  expect(journaled.map((event) => event.sequence)).toEqual(journaled.map((_, index) => index + 1));
  for (const { stream, epoch, sequence } of journaled) {
    expect(received.has(`hrb-07/${stream}/${epoch}/${sequence}`)).toBe(true);
  }
  expect(new Set(journaled.map((event) => event.epoch)).size).toBe(4);
  expect(subscriber.figures()).toMatchObject({ conflicts: 0, gaps: 0 });

  await subscriber.close();
  await broker.stop();
  expect((await city.stop()).tookMs).toBeLessThan(5000);
});
