import { existsSync } from 'node:fs';
import { mkdir, readFile, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replayDriver } from '../../drivers/replay/driver.ts';
import type { RecordingManifest } from '../../drivers/replay/recording-format.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { withoutSecrets, writeConfiguration } from '../../edge/cli/record/configuration.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import type { PlcServer } from '../../simulator/plc/server.ts';
import { newFolder, playing } from '../drivers/replay/play.ts';
import { killAll, lifeline, type Running } from '../gateway/processes.ts';
import { plcOf, point } from '../plc/plc.ts';

let server: PlcServer;
let folder: string;
let config: string;

beforeAll(async () => {
  const points = [point('flow', { address: 0, type: 'float32', read: () => 12.5 })];
  server = await serveModbus(createScan(plcOf('ps-1', 1, points), seededRandom(1)), { port: 0 });
  folder = await newFolder();
  config = join(folder, 'gateway.yaml');
  await writeFile(join(folder, 'ps-1.csv'), 'tag,table,address,type,group\nflow,holding,0,float32,100ms\n');
  await writeFile(
    config,
    `gateway: { id: gw }
devices:
  - { id: ps-1, driver: modbus, endpoint: "${server.endpoint}", points: ps-1.csv }
  - { id: away, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: ps-1.csv }
sinks:
  - { id: city, sink: mqtt-json, url: "mqtt://10.0.0.1", username: gw, password: geheim }
`,
  );
});

afterAll(async () => {
  killAll();
  await server.close();
});

const record = (out: string, ...more: string[]) => lifeline('record', '-c', config, '--out', out, ...more);
const manifestOf = async (out: string) =>
  JSON.parse(await readFile(join(out, 'recording.json'), 'utf8')) as RecordingManifest;

/** Resolves with a file's text once a running recorder has written any. */
async function written(running: Running, out: string, file: string): Promise<string> {
  await mkdir(out, { recursive: true });
  const ended = new AbortController();
  void running.ended.then(() => ended.abort());
  const changes = watch(out, { recursive: true, signal: ended.signal });
  const text = async () => (existsSync(join(out, file)) ? readFile(join(out, file), 'utf8') : '');
  for (let now = await text(); ; now = await text()) {
    if (now !== '') return now;
    await changes.next();
  }
}

it('ends cleanly when told to, and what it wrote is a configuration that plays', async () => {
  const out = join(folder, 'clean');
  const running = record(out);
  await written(running, out, 'samples/ps-1.ndjson');
  const { code, stdout } = await running.stop();
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('lifeline run -c') });
  expect(await manifestOf(out)).toMatchObject({
    ended: 'signal',
    gateway: 'gw',
    devices: [{ id: 'ps-1' }, { id: 'away' }],
  });
  const all = await Promise.all(['gateway.yaml', 'replay.yaml'].map((file) => readFile(join(out, file), 'utf8')));
  expect(all.join()).not.toMatch(/geheim|10\.0\.0\.1/);
  const { gateway, errors } = await loadGateway(join(out, 'replay.yaml'), loadContext);
  expect(errors).toEqual([]);
  const { clock, batches, stop } = playing(gateway!.devices[0]!.definition);
  await clock.advance(60_000);
  expect(batches[0]!.values[0]).toBe(12.5);
  await stop();
  const golden = await lifeline('record', 'golden', out, join(folder, 'golden'), '--device', 'ps-1').ended;
  expect(golden).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ps-1: \d+ batches; [^\n]*the same\n$/) });
  const strange = await lifeline('record', 'golden', out, join(folder, 'none'), '--device', 'away').ended;
  expect(strange).toMatchObject({ code: 1, stderr: expect.stringContaining('LL-RECORD-FRAMES') });
});

it('is readable to its last whole second after kill -9', async () => {
  const out = join(folder, 'killed');
  const running = record(out, '--device', 'ps-1');
  const lines = (await written(running, out, 'samples/ps-1.ndjson')).trimEnd().split('\n');
  running.child.kill('SIGKILL');
  await running.ended;
  expect((await manifestOf(out)).ended).toBeUndefined();
  const { gateway } = await loadGateway(join(out, 'replay.yaml'), { ...loadContext, drivers: [replayDriver] });
  const { clock, batches, warnings, stop } = playing(gateway!.devices[0]!.definition);
  await clock.advance(60_000);
  expect(warnings).toEqual([]);
  expect(batches.length - 1).toBeGreaterThanOrEqual(lines.length);
  await stop();
});

it('tells by its exit code that no device answered, and of a device that is not there', async () => {
  const [away, unknown, full, nothing] = await Promise.all([
    record(join(folder, 'away'), '--device', 'away', '--for', '300ms', '--json').ended,
    record(join(folder, 'unknown'), '--device', 'ps-2').ended,
    record(folder).ended,
    lifeline('record', '--out', join(folder, 'nothing')).ended,
  ]);
  expect(nothing).toMatchObject({ code: 2, stderr: expect.stringContaining("'--config' not specified") });
  expect(away.code).toBe(4);
  expect(JSON.parse(away.stdout)).toMatchObject({ ended: 'time', online: 0, devices: 1, frames: 0 });
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "ps-1"?') });
  expect(full).toMatchObject({ code: 1, stderr: expect.stringContaining('LL-RECORD-FOLDER') });
});

it('hides passwords wherever they stand', () => {
  const given = {
    devices: [
      {
        id: 'a',
        password: 'p1',
        passwordFile: 'a.txt',
        endpoints: ['opc.tcp://me:p2@plc:4840'],
        nested: { apiToken: 'p3' },
      },
    ],
  };
  const text = JSON.stringify(withoutSecrets(given));
  expect(text).not.toMatch(/p1|p2|p3/);
  expect(text).toContain('a.txt');
  expect(text).toContain('plc:4840');
});

it('keeps the roles of recorded devices alone', async () => {
  const out = await newFolder();
  const file = join(folder, 'roles.yaml');
  await writeFile(
    file,
    `gateway: { id: gw }
devices:
  - { id: ps-1, driver: modbus, endpoint: "tcp://a", points: ps-1.csv }
  - { id: ps-2, driver: modbus, endpoint: "tcp://b", points: ps-1.csv }
assets:
  - { id: dma-1, type: water.district, roles: { inflow: ps-1/flow, pressure: ps-2/flow } }
`,
  );
  const { gateway: whole } = await loadGateway(file, loadContext);
  await writeConfiguration(file, whole!, new Set(['ps-2']), out);
  const { gateway, errors } = await loadGateway(join(out, 'gateway.yaml'), loadContext);
  expect(errors).toEqual([]);
  expect(gateway!.devices.map(({ definition }) => definition.id)).toEqual(['ps-2']);
  expect(Object.keys(gateway!.assets[0]!.roles)).toEqual(['pressure']);
});
