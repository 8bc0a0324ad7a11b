import { createHmac } from 'node:crypto';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';
import { newCertificates } from '../upstream/certificates.ts';
import { Watch } from '../upstream/fixture.ts';
import { natsBinary, startNats } from '../upstream/nats-server.ts';

const key = 'a secret of thirty-two characters';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A gateway with a pump station and a lost device, its files and secrets beside its configuration. */
async function gatewayAt(url: string, certificates: Awaited<ReturnType<typeof newCertificates>>) {
  const points = [point('flow', { address: 0, type: 'float32', read: () => 12.5 })];
  const plc = await serveModbus(createScan(plcOf('ps-1', 1, points), seededRandom(1)), { port: 0 });
  endings.push(() => plc.close());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-nats-road-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  await writeFile(join(folder, 'secrets.yaml'), `fleet: right\norders: ${key}\n`, { mode: 0o600 });
  await copyFile(certificates.caFile, join(folder, 'ca.pem'));
  const device = (id: string, endpoint: string) =>
    `  - { id: ${id}, driver: modbus, endpoint: "${endpoint}", points: p.csv }`;
  const asset = '{ id: dma-2, type: water.district, grid: "230103005012", roles: { inflow: ps-1/flow } }';
  await writeFile(
    join(folder, 'g.yaml'),
    [
      ...['gateway: { id: gw }', 'devices:', device('ps-1', plc.endpoint), device('ps-2', 'tcp://127.0.0.1:1')],
      ...[
        `assets: [${asset}]`,
        'sinks:',
        '  - id: fleet',
        '    sink: nats',
        `    url: ${url}`,
        '    tls: { ca: ca.pem }',
      ],
      ...['    login: { token: !secret fleet }', '    stream: { create: true }', '    ordersKey: !secret orders'],
      ...['    data: { enabled: true, stream: { create: true } }', '    orders: [acknowledge, case-status]'],
    ].join('\n'),
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const events: Event[] = [];
  const gateway = await buildGateway(loaded!, {
    ...{ clock: realClock(), random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' },
    observer: { finding: () => undefined, event: (event) => void events.push(event) },
  });
  endings.push(() => gateway.stop());
  await gateway.start();
  return { gateway, events };
}

it.runIf(natsBinary)(
  'reports to NATS by secrets and files beside its configuration, and obeys the centre once, over a kill of the server',
  async () => {
    const certificates = await newCertificates();
    const { caFile, certFile, keyFile } = certificates;
    const at = await startNats(
      `authorization { token: right, timeout: 30 }\ntls { timeout: 30, cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${caFile}" }`,
    );
    endings.push(() => at.kill());
    const centre = await connect({
      ...{ servers: `127.0.0.1:${at.port}`, token: 'right', tls: { caFile }, reconnectTimeWait: 100 },
      maxReconnectAttempts: -1,
    });
    endings.push(() => centre.close());
    const subjects = new Set<string>();
    centre.subscribe('lifeline.gw.>', { callback: (_, { subject }) => void subjects.add(subject) });
    await centre.flush();
    const { gateway, events } = await gatewayAt(at.url.replace('nats:', 'tls:'), certificates);
    const watch = new Watch();
    let looks = 0;
    const timer = setInterval(() => {
      looks++;
      watch.tell();
    }, 20);
    endings.push(() => clearInterval(timer));
    const ask = async (id: string, content: object) => {
      const expires = new Date(Date.now() + 300_000).toISOString();
      const order = JSON.stringify({ id, gateway: 'gw', by: '李工', expires, alarm: 'ps-2/lost', ...content });
      const signature = createHmac('sha256', key).update(order).digest('hex');
      const asked = JSON.stringify({ order, signature });
      for (;;) {
        const answer = await centre.request('lifeline.gw.commands', asked, { timeout: 5_000 }).catch(() => undefined);
        if (answer) return answer.json<{ status: string }>().status;
        // nobody listens yet just after the server came back
        const before = looks;
        await watch.until(() => looks > before);
      }
    };
    const raised = () => events.some(({ type, data }) => type === 'alarm.raised' && data['kind'] === 'lost');
    await watch.until(() => raised() && subjects.has('lifeline.gw.values.water.230103.ps-1'));
    const filed = { kind: 'case-status', case: '2026-0117', stage: 'filed' };
    expect(await ask('o-1', { kind: 'acknowledge' })).toBe('accepted');
    expect(await ask('o-2', filed)).toBe('accepted');
    await at.kill('SIGKILL');
    await watch.until(() => gateway.status().sinks[0]?.state === 'waiting');
    await at.start();
    expect(await ask('o-2', filed)).toBe('duplicate');
    expect(await ask('o-3', { kind: 'comment', text: '?' })).toBe('refused');
    await watch.until(() => gateway.status().sinks[0]?.pending === 0);
    expect(subjects).toContain('lifeline.gw.events.gateway.-.gw');
    expect(events.filter(({ type }) => type === 'alarm.case-changed')).toHaveLength(1);
    expect(events.find(({ type }) => type === 'alarm.acknowledged')?.data['acknowledgedBy']).toBe('李工 (fleet)');
  },
  60_000,
);
