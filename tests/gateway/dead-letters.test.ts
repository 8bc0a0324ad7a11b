import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { Watch } from '../upstream/fixture.ts';
import { accept, answer, Receiver } from '../upstream/webhook/receiver.ts';
import { killAll, lifeline } from './processes.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  killAll();
  for (const end of endings.splice(0).reverse()) await end();
});

it('what a receiver refuses raises an alarm, is listed and sent again by the command line, and the alarm goes', async () => {
  const far = await new Receiver().start();
  endings.push(() => far.stop());
  far.behaviour = answer(422, {}, 'unknown type');
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-dead-letters-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  const device = '{ id: ps-3, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }';
  const sink = `{ id: platform, sink: webhook, url: "${far.url}" }`;
  await writeFile(
    join(folder, 'g.yaml'),
    `gateway: { id: gw }\nconsole: { role: operator }\ndevices:\n  - ${device}\nsinks:\n  - ${sink}\n`,
  );
  const { gateway: loaded } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  const watch = new Watch();
  const events: Event[] = [];
  const gateway = await buildGateway(
    loaded!,
    {
      ...{ clock: realClock(), random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' },
      observer: {
        finding: () => undefined,
        event(event) {
          events.push(event);
          watch.tell();
        },
      },
    },
    { console: { port: 0 } },
  );
  endings.push(() => gateway.stop());
  await gateway.start();
  const heard = (type: Event['type']) => () =>
    events.some((event) => event.type === type && event.data['kind'] === 'dead-letter');
  await watch.until(heard('alarm.raised'));
  expect(events.find((event) => event.data['kind'] === 'dead-letter')?.data['message']).toMatchObject({
    zh: expect.stringMatching(/^上行通道 platform 有 \d+ 条事件对方不接收/),
  });
  const at = ['--console', gateway.status().consoleUrl!];
  const listed = await lifeline('upstream', 'dead-letters', 'platform', ...at).ended;
  expect(listed.stdout).toMatch(/gw\/events\/\S+\/1 +\S+ +gateway.started +gw +LL-WEBHOOK-REFUSED .*unknown type/);
  far.behaviour = accept;
  const resent = await lifeline('upstream', 'resend', 'platform', '--by', '张工', ...at, '--json').ended;
  expect(JSON.parse(resent.stdout).count).toBeGreaterThanOrEqual(1);
  await watch.until(heard('alarm.cleared'));
  expect(gateway.status().sinks[0]).toMatchObject({ deadLetters: 0 });
  expect(events.find(({ type }) => type === 'gateway.dead-letters')?.data).toMatchObject({
    ...{ sink: 'platform', did: 'resend', ids: 'all', by: '张工' },
  });
  const unknown = await lifeline('upstream', 'discard', 'nobody', 'gw/x', '--by', '张工', ...at).ended;
  expect([unknown.code, /LL-CONSOLE-NOT-FOUND/.test(unknown.stderr)]).toEqual([1, true]);
});
