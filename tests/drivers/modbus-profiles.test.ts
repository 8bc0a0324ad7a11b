import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { modbusProfiles } from '../../drivers/modbus/profiles/index.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { columns } from '../../edge/config/point-columns.ts';
import { realClock } from '../../edge/core/clock.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';
import { meterPlc, type Reading } from '../../simulator/city/profile-points.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';

const names = [...modbusProfiles.keys()];
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A configuration of one device, loaded. */
async function load(device: string, table?: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-profile-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  if (table !== undefined) await writeFile(join(folder, 'p.csv'), table);
  await writeFile(join(folder, 'gateway.yaml'), `gateway: { id: gw }\ndevices:\n  - ${device}\n`);
  return loadGateway(join(folder, 'gateway.yaml'), loadContext);
}

/** Polls a loaded configuration until every tag has had a sample; its values by tag. */
async function readOnce(loaded: NonNullable<Awaited<ReturnType<typeof load>>['gateway']>) {
  const live = new LiveTable(loaded.tags.size);
  const pipeline = createPipeline(loaded.tags, live);
  pipeline.samples.subscribe();
  const acquisition = createAcquisition({
    ...{ devices: loaded.devices, drivers: [modbusDriver], onBatch: pipeline.push, onDeviceChange: () => undefined },
    host: { clock: realClock(), random: seededRandom(1), log: silentLog, stateDir: '' },
  });
  endings.push(() => acquisition.stop());
  acquisition.start();
  await vi.waitFor(() => expect([...live.received].every((time) => time > 0)).toBe(true), 20_000);
  return loaded.tags.definitions.map(({ point }, tag) => [point, live.values[tag], live.quality[tag]] as const);
}

describe('register maps of common devices', () => {
  it('each file is registered under its own name', async () => {
    const folder = resolve(import.meta.dirname, '../../drivers/modbus/profiles');
    const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
    expect(files.map((file) => file.slice(0, -5)).sort()).toEqual([...names].sort());
    const kinds = new Set([...modbusProfiles.values()].map(({ kind }) => kind));
    for (const kind of [
      'power-meter',
      'heat-meter',
      'flow-meter',
      'volume-corrector',
      'pump-controller',
      'lighting-controller',
    ])
      expect(kinds).toContain(kind);
  });

  it.each(names)(
    '%s loads by its name alone, without an error or a warning, and says where it comes from',
    async (name) => {
      const profile = modbusProfiles.get(name)!;
      expect(profile.source.length).toBeGreaterThan(40);
      expect(profile.name.zh).not.toBe(profile.name.en);
      const known = new Set([...columns.map(({ key }) => key), 'periodMs']);
      for (const point of profile.points)
        expect(
          Object.keys(point).filter((key) => !known.has(key)),
          point.tag,
        ).toEqual([]);
      const { gateway, errors, warnings } = await load(
        `{ id: m, driver: modbus, endpoint: "tcp://127.0.0.1:1", profile: ${name} }`,
      );
      expect([...errors, ...warnings]).toEqual([]);
      expect(gateway!.tags.definitions.map(({ point }) => point)).toEqual(profile.points.map(({ tag }) => tag));
    },
  );

  it.each(names)(
    'a simulated %s is read by its profile: every value comes out as it went in',
    async (name) => {
      const profile = modbusProfiles.get(name)!;
      const truth = new Map(
        profile.points.map(({ tag, type, scale = 1, low = 0 }, index) => {
          const raw = type === 'bool' ? index % 2 : Math.round(Math.max(low, 0) / scale) + index + 1;
          return [tag, raw * scale] as const;
        }),
      );
      const readings = Object.fromEntries(
        [...truth].map(([tag, value]): [string, Reading] => [tag, [[-1e6, 1e6], 0, () => value]]),
      );
      const meter = { id: 'm', utility: 'water', unit: 3, name: profile.name, profile: name };
      const scan = createScan(meterPlc(meter, readings), seededRandom(1));
      const server = await serveModbus(scan, { port: 0 });
      endings.push(() => server.close());
      scan.scan();
      server.publish(0);
      const { gateway } = await load(
        `{ id: m, driver: modbus, endpoint: "${server.endpoint}", unit: 3, profile: ${name} }`,
      );
      for (const [tag, value, quality] of await readOnce(gateway!)) {
        expect(quality === Quality.good || quality === Quality.outOfRange, `${tag} ${quality}`).toBe(true);
        expect(value, tag).toBeCloseTo(truth.get(tag)!, 3);
      }
    },
    30_000,
  );
});

describe('a profile in a configuration', () => {
  const device = (more: string) => `{ id: m, driver: modbus, endpoint: "tcp://127.0.0.1:1", ${more} }`;

  it('gives rows of a point table what they leave empty; what they say themselves stands', async () => {
    const table =
      'tag,scale,unit,role,asset,address,table,type\nflow,0.001,L/s,,,,,\nvelocity,,,,,,,\nown,,,,,40101,holding,int16\n';
    const { gateway, errors } = await load(device('profile: tuf-2000m, points: p.csv, notation: modicon5'), table);
    expect(errors).toEqual([]);
    const { points, options } = gateway!.devices[0]!.definition;
    expect(options).toMatchObject({ order: 'cdab', notation: 'modicon5' });
    expect(points.map(({ name, address, type, order }) => [name, address, type, order])).toEqual([
      ['m/flow', 0, 'float32', 'cdab'],
      ['m/velocity', 4, 'float32', 'cdab'],
      ['m/own', 100, 'int16', 'cdab'],
    ]);
    expect(gateway!.tags.at(0)).toMatchObject({ scale: 0.001, unit: 'L/s' });
    expect(gateway!.tags.at(1)).toMatchObject({ unit: 'm/s', low: -12, high: 12 });
  });

  it('takes a raw range of a row instead of its own scale, and keeps the range of the value', async () => {
    const table = 'tag,rawLow,rawHigh\nperformance,0,20000\n';
    const { gateway, errors } = await load(device('profile: grundfos-cim, points: p.csv'), table);
    expect(errors).toEqual([]);
    expect(gateway!.tags.at(0)).toMatchObject({ scale: 0.005, offset: 0, low: 0, high: 100, unit: '%' });
  });

  it('lets the device set other options than the profile', async () => {
    const { gateway } = await load(device('profile: tuf-2000m, order: abcd'));
    expect(gateway!.devices[0]!.definition.points[0]!.order).toBe('abcd');
  });

  it('that does not exist, and a device without points, are located errors with a suggestion', async () => {
    const unknown = await load(device('profile: tuf2000m'));
    expect(unknown.errors[0]).toMatchObject({ code: 'LL-CONFIG-REFERENCE', line: 3, path: 'devices[0].profile' });
    expect(unknown.errors[0]!.fix).toBe('did you mean "tuf-2000m"?');
    const none = await load(device('unit: 1'));
    expect(none.errors[0]).toMatchObject({ code: 'LL-CONFIG-MISSING', line: 3 });
    expect(none.errors[0]!.fix).toContain('"points"');
  });
});
