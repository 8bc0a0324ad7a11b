import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServerOffer } from '../../edge/console/first-start-api.ts';
import type { ServerOffersView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';
import { freePort, killAll, lifeline } from './processes.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  killAll();
});

describe('lifeline run where there is no gateway.yaml yet', () => {
  it('is set up by its owner alone, then reads the device and asks for the same owner', async () => {
    const scan = createScan(
      plcOf('pump', 1, [point('a', { address: 4, type: 'uint16', read: () => 71 })]),
      seededRandom(1),
    );
    const plc = await serveModbus(scan, { port: 0 });
    scan.scan();
    plc.publish(realClock().wallMs());
    endings.push(() => plc.close());
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-first-start-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    const [file, data] = [join(folder, 'gateway.yaml'), join(folder, 'data')];
    const running = lifeline('run', '-c', file, '--data', data, '--port', String(await freePort()));
    const { url: link } = JSON.parse(await running.line(/this link sets the gateway up/)) as { url: string };
    const { origin: url } = new URL(link);
    const post = (path: string, body: unknown, cookie = '') => {
      const headers = { 'content-type': 'application/json', origin: url, cookie };
      return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    };
    const device = { id: 'pump', driver: 'modbus', endpoint: plc.endpoint, unit: 1 };
    const cells = [
      ['tag', 'table', 'address', 'type', 'unit', 'group'],
      ['level', 'holding', '4', 'uint16', 'mA', '100ms'],
    ];
    const wish = { gateway: { id: 'gw-1', name: '泵站' }, device, cells };
    expect((await post('/api/first-start', wish)).status).toBe(401);
    const owner = { name: 'li', password: 'Schneefall im Mai 47' };
    const made = await post('/api/set-up', { token: link.split('/').at(-1), ...owner });
    const cookie = made.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const elsewhere = { ...wish, device: { ...device, endpoint: 'nowhere' } };
    const refused = await post('/api/first-start', elsewhere, cookie);
    expect([refused.status, await refused.json()]).toMatchObject([422, { errors: [{ file: 'gateway.yaml' }] }]);
    expect(await readdir(folder)).toEqual(['data']);
    const { id: _, ...place } = device;
    const looked = await post('/api/first-start-look', place, cookie);
    expect(looked.status).toBe(200);
    const written = await post('/api/first-start', wish, cookie);
    expect([written.status, await written.json()]).toEqual([200, { errors: [] }]);
    await running.line(/first sample/);
    expect(await readFile(join(folder, 'points/pump.csv'), 'utf8')).toContain('level,holding,4,uint16,mA,100ms');
    const entered = await vi.waitFor(() => post('/api/sign-in', owner), 5_000);
    const session = entered.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const devices = await fetch(`${url}/api/devices`, { headers: { cookie: session } });
    expect(await devices.json()).toMatchObject({ devices: [{ id: 'pump', state: 'online' }] });
    const { code } = await running.stop();
    expect(code).toBe(0);
  }, 60_000);

  it('takes the points of an OPC UA server from the server itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-first-start-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    const scan = createScan(plcOf('plant', 1, [point('flow', { type: 'float32', read: () => 7 })]), seededRandom(1));
    const plc = await serveOpcua(scan, { port: await freePort(), stateDir: join(folder, 'plcs') });
    scan.scan();
    plc.publish(realClock().wallMs());
    endings.push(() => plc.close());
    const file = join(folder, 'gateway.yaml');
    const running = lifeline('run', '-c', file, '--data', join(folder, 'data'), '--port', String(await freePort()));
    const { url: link } = JSON.parse(await running.line(/this link sets the gateway up/)) as { url: string };
    const { origin: url } = new URL(link);
    const post = (path: string, body: unknown, cookie = '') => {
      const headers = { 'content-type': 'application/json', origin: url, cookie };
      return fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    };
    const owner = { token: link.split('/').at(-1), name: 'li', password: 'Schneefall im Mai 47' };
    const cookie = (await post('/api/set-up', owner)).headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const unasked = { driver: 'opcua', endpoint: plc.endpoint };
    expect((await post('/api/first-start-look', unasked, cookie)).status).toBe(422);
    const asked = await post('/api/first-start-offers', { endpoint: plc.endpoint }, cookie);
    const { offers } = (await asked.json()) as ServerOffersView;
    const [{ policy, mode, certificate }] = offers as [ServerOffer];
    expect([policy, mode]).toEqual(['Aes256_Sha256_RsaPss', 'SignAndEncrypt']);
    const { thumbprint } = certificate ?? {};
    expect((await post('/api/first-start-trust', { thumbprint }, cookie)).status).toBe(200);
    const place = { ...unasked, security: { policy, mode } };
    const { cells } = (await (await post('/api/first-start-look', place, cookie)).json()) as { cells: string[][] };
    expect(cells[0]?.slice(0, 3)).toEqual(['tag', 'node', 'type']);
    expect(cells.some(([tag, , type]) => tag === 'flow' && type === 'float32')).toBe(true);
    const device = { ...place, id: 'plant', unit: 1 };
    const wish = { gateway: { id: 'gw-1', name: '' }, device, cells };
    expect(await (await post('/api/first-start', wish, cookie)).json()).toEqual({ errors: [] });
    await running.line(/first sample/);
    expect((await running.stop()).code).toBe(0);
  }, 60_000);

  it('is told to end before anything is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lifeline-first-start-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'gateway.yaml');
    const running = lifeline('run', '-c', file, '--data', join(folder, 'data'), '--port', String(await freePort()));
    await running.line(/this link sets the gateway up/);
    const { code } = await running.stop();
    expect([code, await readdir(folder)]).toEqual([0, ['data']]);
    const without = await lifeline('run', '-c', file, '--data', join(folder, 'data'), '--no-console').ended;
    expect([without.code, without.stderr]).toEqual([3, expect.stringContaining('LL-CONFIG-FILE')]);
  }, 60_000);
});
