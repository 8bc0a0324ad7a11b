import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { InspectionView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { Peer } from '../drivers/peer.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('a gateway shows what it asks of a device, what is refused, and every frame since somebody looked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-inspect-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const peer = await new Peer().listen();
  endings.push(() => peer.close());
  peer.missing = new Set([40]);
  const rows = ['tag,table,address,type,group', 'flow,holding,10,int16,500ms', 'gone,holding,40,int16,500ms'];
  await writeFile(join(folder, 'ps-1.csv'), rows.join('\n'));
  const device = `{ id: ps-1, driver: modbus, endpoint: "${peer.endpoint}", unit: 3, maxGap: 0, points: ps-1.csv }`;
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: gw }\nconsole: { role: operator }\ndevices:\n  - ${device}\n`,
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
  expect(errors).toEqual([]);
  const dataDir = join(folder, 'data');
  const host = { clock: realClock(), random: seededRandom(2), log: silentLog, dataDir, version: '0' };
  const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
  endings.push(() => gateway.stop());
  await gateway.start();
  const url = gateway.status().consoleUrl!;
  const look = async () => (await (await fetch(`${url}/api/device?id=ps-1`)).json()) as InspectionView;
  await vi.waitFor(async () => expect((await look()).frames.length).toBeGreaterThan(3), 20_000);
  const { status, requests, frames, wire } = await look();
  expect(status).toMatchObject({ id: 'ps-1', state: 'online', groups: [{ periodMs: 500, points: 2, requests: 1 }] });
  expect(requests.map(({ place, state, reason, tags }) => [place.en, state, reason?.en, tags])).toEqual([
    ['unit 3, holding 40011', 'answered', undefined, [0]],
    ['unit 3, holding 40041', 'refused', '2 illegal data address', [1]],
  ]);
  const answer = frames.find(({ direction }) => direction === 'received');
  expect(answer).toMatchObject({
    hex: expect.stringMatching(/^[0-9a-f]{4}00000005030302000a$/),
    text: { en: 'unit 3 · 03 answers to read holding 40011: 2 bytes' },
    roundTripMs: expect.any(Number),
  });
  expect(wire.lastMinute.exceptions).toBe(1);
  expect(wire.roundTrips.count).toBe(wire.total.requests - wire.total.timeouts);
  expect((await fetch(`${url}/api/device?id=nobody`)).status).toBe(404);
});
