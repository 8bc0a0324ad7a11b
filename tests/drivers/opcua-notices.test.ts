import { X509Certificate } from 'node:crypto';
import opcua from 'node-opcua';
import { describe, expect, test } from 'vitest';
import type { DeviceNotice } from '../../drivers/api.ts';
import { serverExpiry } from '../../drivers/opcua/expiry.ts';
import { GapReport } from '../../drivers/opcua/gaps.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { device, freePort, node, serverOn, subscriptionsOf, watch } from './opcua-server.ts';
import { testHost } from './peer.ts';

const clock = realClock();
const dayMs = 86_400_000;
const holds = (kind: string) => expect.objectContaining({ kind, active: true });

describe('an OPC UA session speaks of', () => {
  test('a gap that cannot be filled: at once, each minute while there is more, and when a minute is quiet', async () => {
    const virtual = new VirtualClock();
    const said: string[] = [];
    const say = (notice: DeviceNotice) => said.push(notice.active ? notice.error.message : 'over');
    const gaps = new GapReport('d', 'd', testHost(virtual), say);
    gaps.lostMessages(2);
    await virtual.advance(30_000);
    for (let count = 0; count < 5; count++) gaps.overflowed();
    await virtual.advance(29_000);
    expect(said).toEqual(['d: 2 messages never came']);
    await virtual.advance(2000);
    expect(said.slice(1)).toEqual(['d: queues of the server ran over 5 times']);
    await virtual.advance(120_000);
    expect(said.slice(2)).toEqual(['over']);
    gaps.lostMessages(1);
    gaps.stop();
    await virtual.advance(120_000);
    expect(said.slice(3)).toEqual(['d: 1 message never came']);
  });

  test('a message that the server has no more', async () => {
    const server = await serverOn(await freePort());
    const seen = await watch(device(server.endpoint, [node(0, 'temp')]));
    await seen.until(() => seen.newest.size === 1);
    subscriptionsOf(server.server)[0]!._get_next_sequence_number();
    server.variable('temp').setValueFromSource({ dataType: opcua.DataType.Double, value: 22 });
    await seen.until(() => seen.notices.length > 0);
    expect(seen.notices).toMatchObject([{ kind: 'data-gap', active: true, observed: 1 }]);
  });

  test('a clock that is off, and of its return', async () => {
    const server = await serverOn(await freePort());
    let offMs = 60_000;
    const ours = { ...clock, wallMs: () => clock.wallMs() + offMs };
    const seen = await watch(device(server.endpoint, [node(0, 'temp')]), silentLog, ours);
    await seen.until(() => seen.notices.length > 0);
    expect(seen.notices[0]).toMatchObject({ kind: 'clock-off', active: true, limit: 5, unit: 's' });
    offMs = 0;
    await seen.until(() => seen.notices.length > 1);
    expect(seen.notices[1]).toEqual({ kind: 'clock-off', active: false });
  });

  test('points that the server does not subscribe', async () => {
    const server = await serverOn(await freePort(), { serverCapabilities: { maxMonitoredItemsPerSubscription: 1 } });
    const seen = await watch(device(server.endpoint, [node(0, 'temp'), node(1, 'level')]));
    expect(seen.notices).toMatchObject([{ kind: 'polled', active: true, observed: 1, limit: 2 }]);
  });

  test('certificates of both sides that end soon, by thumbprint', async () => {
    const server = await serverOn(await freePort());
    const points = [node(0, 'temp')];
    const shown = server.server.getCertificate();
    const thumbprint = new X509Certificate(shown).fingerprint.replaceAll(':', '').toLowerCase();
    const security = { policy: 'Basic256Sha256', trustUnknown: true };
    const late = { ...clock, wallMs: () => Date.parse(new X509Certificate(shown).validTo) - 10 * dayMs };
    expect(serverExpiry('plc', shown, late)).toMatchObject({ active: true, observed: 10, unit: 'd' });
    const seen = await watch(device(server.endpoint, points, { security }), silentLog, late);
    await seen.until(() => seen.notices.some(({ kind }) => kind === 'server-certificate-ends'));
    const found = seen.notices.find(({ kind }) => kind === 'server-certificate-ends');
    expect(found).toMatchObject({
      error: { code: 'LL-OPCUA-SERVER-CERTIFICATE-ENDS', message: expect.stringContaining(thumbprint) },
    });
    const plain = await watch(device(server.endpoint, points), silentLog, late);
    await plain.until(() => plain.notices.length > 0);
    expect(plain.notices).toEqual([holds('clock-off')]);
  });
});
