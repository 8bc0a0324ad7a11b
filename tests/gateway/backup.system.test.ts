import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { startSubscriber } from '../../simulator/platform/subscriber.ts';
import { freeBasePort, freePort, killAll, lifeline } from './processes.ts';

afterAll(killAll);

it('a gateway restored from a backup that was made beside it runs, and every new event is new to the subscriber', {
  timeout: 90_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-backup-'));
  const config = join(folder, 'config/gateway.yaml');
  const brokerPort = await freePort();
  const url = `mqtt://127.0.0.1:${brokerPort}`;
  const base = String(await freeBasePort(30, 29_000));
  const city = lifeline(
    'sim',
    '--json',
    '--base-port',
    base,
    '--write-gateway',
    join(folder, 'config'),
    '--broker',
    url,
  );
  await city.line(/"listening"/);
  const broker = await startBroker({ port: brokerPort, host: '127.0.0.1' });
  const received = new Set<string>();
  const heard = { gateway: 'hrb-07', clock: realClock(), onEvent: ({ id }: { id: string }) => received.add(id) };
  const subscriber = await startSubscriber({ url, ...heard });
  const old = lifeline('run', '-c', config, '--data', join(folder, 'data'), '--no-console');
  await old.line(/first sample/);
  const archive = join(folder, 'gateway.tar.gz');
  const backup = await lifeline('backup', '-c', config, '--data', join(folder, 'data'), '--to', archive).ended;
  expect(backup, backup.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('gateway.tar.gz') });
  await old.stop();
  const before = new Set(received);

  const to = join(folder, 'restored');
  expect(await lifeline('restore', archive, '--to', to).ended).toMatchObject({ code: 0 });
  const restored = lifeline('run', '-c', join(to, 'config/gateway.yaml'), '--data', join(to, 'data'), '--no-console');
  await restored.line(/first sample/);
  expect((await restored.stop()).code).toBe(0);
  expect(subscriber.figures().conflicts).toBe(0);
  const fresh = [...received].filter((id) => !before.has(id));
  expect(fresh.length).toBeGreaterThanOrEqual(2); // started and stopped
  expect(new Set(fresh.map((id) => id.split('/')[2])).size).toBe(1);
  expect((await lifeline('restore', archive, '--to', to).ended).stderr).toContain('LL-BACKUP-FOLDER');

  await subscriber.close();
  await broker.stop();
  await city.stop();
});
