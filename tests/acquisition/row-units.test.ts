import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { drivers } from '../../drivers/registry.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { Peer, testHost } from '../drivers/peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

test('a silent unit among the rows of one device takes only its own points along', async () => {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  peer.behaviour = ({ unit }, socket, answer) => unit !== 7 && socket.write(answer());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-row-units-'));
  const device = `{ id: meters, driver: modbus, endpoint: "${peer.endpoint}", unit: 1, timeoutMs: 50, points: meters.csv }`;
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: gw }\ndevices:\n  - ${device}\n`);
  const rows = ['a,holding,5,,200ms', 'b,holding,6,7,200ms', 'c,holding,8,2,200ms'];
  await writeFile(join(folder, 'meters.csv'), ['tag,table,address,unitId,group', ...rows].join('\n'));
  const context = { drivers, sinks: [{ name: 'none', options: drivers[0]!.options }], modelsFolder: folder };
  const { gateway, errors } = await loadGateway(join(folder, 'gateway.yaml'), context);
  expect(errors).toEqual([]);

  const live = new LiveTable(gateway!.tags.size);
  const shown = () => [...live.values.keys()].map((tag) => [live.values[tag], qualityName(live.quality[tag]!)]);
  const wanted = [
    [5, 'good'],
    [Number.NaN, 'comm'],
    [8, 'good'],
  ];
  const acquisition = createAcquisition({
    ...{ devices: gateway!.devices, drivers, onDeviceChange: () => undefined, host: testHost() },
    onBatch: (batch) => {
      live.write(batch);
      if (Object.is(String(shown()), String(wanted))) done();
    },
  });
  let done: () => void = () => undefined;
  const seen = new Promise<void>((resolve) => {
    done = resolve;
  });
  open.push(() => acquisition.stop());
  acquisition.start();
  await seen;
  expect(shown()).toEqual(wanted);
  const states = acquisition.status().map(({ id, state, lastError }) => [id, state, lastError.split(' ')[0]]);
  expect(states).toEqual([
    ['meters', 'online', ''],
    ['meters:7', expect.not.stringMatching('online'), 'LL-MODBUS-TIMEOUT'],
    ['meters:2', 'online', ''],
  ]);
  expect(peer.sockets.size).toBe(1);
});
