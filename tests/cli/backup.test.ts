import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { pack } from '../../edge/cli/backup/pack.ts';
import { unpack } from '../../edge/cli/backup/unpack.ts';
import { realClock } from '../../edge/core/clock.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { openDatabase } from '../../edge/store/database.ts';
import { type TarMember, tar } from '../../edge/store/tar.ts';
import { batchOf, eventOf, newFolder, open } from '../store/fixture.ts';

const startMs = Date.UTC(2026, 0, 15);
const version = '0.1.0';

const yaml = `# the pumping stations of the east
gateway: { id: gw }
devices:
  - id: ps-1
    driver: opcua
    endpoint: opc.tcp://10.0.4.2:4840
    user: lifeline
    password: hunter2 # until the server knows our certificate
    points: points/泵站.csv
sinks:
  - { id: city, sink: webhook, url: "https://city.example/events", secretFile: city.secret, mapping: city.yaml }
  - { id: robot, sink: people, url: "https://chat.example/send?key=693a91f6" }
  - { id: broker, sink: mqtt-json, url: "mqtts://broker.example", password: !secret broker }
detection: { calibration: calibration.json, trustedKeys: [/nowhere/else.pem] }
`;

const files: Readonly<Record<string, string>> = {
  'gateway.yaml': yaml,
  'points/泵站.csv': 'tag,table,address\nflow,holding,0\n',
  'calibration.json': '{}',
  'city.yaml': 'codes: {}\n',
  'city.secret': 'do not tell',
  'secrets.yaml': 'broker: quiet\n',
  'learned/dma-2/model.onnx': 'ONNX',
  'unrelated.txt': 'nobody names this',
};

/** A folder of configuration and one of data, as a gateway has them; its store is still open. */
async function gateway() {
  const dir = await newFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, 'config', name)), { recursive: true });
    await writeFile(join(dir, 'config', name), text, { mode: 0o600 });
  }
  const clock = new VirtualClock(startMs);
  const store = await open(join(dir, 'data'), { clock });
  const events = await store.journal.append(Array.from({ length: 100 }, (_, index) => eventOf(index + 1)));
  await store.cursors.get('city');
  await store.cursors.set('city', 90);
  await store.snapshots.save('calculated', new Map([['ps-1/volume', '{"cells":[1,2]}']]));
  for (let second = 0; second < 600; second++) {
    store.history.append(batchOf([0, 1], startMs + second * 1000, (tag) => Math.sin(second * (tag + 1))));
  }
  await clock.advance(60_000);
  await mkdir(join(dir, 'data/drivers/opcua/trusted'), { recursive: true });
  await writeFile(join(dir, 'data/drivers/opcua/own.pem'), '-----BEGIN PRIVATE KEY-----\nMII\n');
  await writeFile(join(dir, 'data/drivers/opcua/trusted/plc.der'), 'certificate');
  await writeFile(join(dir, 'data/models.json'), '{"schema":1}');
  await writeFile(join(dir, 'data/accounts.json'), '{"people":["scrypt$17$8$1"]}');
  await writeFile(join(dir, 'data/history.db.broken-2026'), 'set aside');
  const backup = (change: Partial<Parameters<typeof pack>[0]> = {}) =>
    pack({
      ...{ config: join(dir, 'config/gateway.yaml'), data: join(dir, 'data'), to: join(dir, 'b.tar.gz') },
      ...{ withSecrets: false, version, clock: realClock(), ...change },
    });
  return { dir, store, events, clock, backup, archive: join(dir, 'b.tar.gz') };
}

const listed = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();

it('a backup of a store that is held and written to, restored, is what it was, under a new epoch', async () => {
  const { dir, store, events, backup, archive } = await gateway();
  const manifest = await backup();
  const later = await store.journal.append([eventOf(101)]);
  const to = join(dir, 'restored');
  expect(await unpack(archive, to, version)).toEqual(manifest);
  const restored = await open(join(to, 'data'), { clock: new VirtualClock(startMs + 3_600_000) });
  expect(restored.notices).toEqual([]);
  expect(await restored.journal.read(0, 1_000)).toEqual(events);
  expect(await restored.cursors.get('city')).toBe(90);
  expect(await restored.snapshots.load('calculated')).toEqual(new Map([['ps-1/volume', '{"cells":[1,2]}']]));
  const query = (from: typeof store) => from.history.query('d/t1', startMs, startMs + 590_000, 10_000);
  expect(await query(restored)).toEqual(await query(store));
  const [next] = await restored.journal.append([eventOf(999)]);
  expect(next?.sequence).toBe(later[0]?.sequence);
  expect(next?.epoch).not.toBe(later[0]?.epoch);
  await restored.close();
  await store.close();
  expect((await readdir(dir)).sort()).toEqual(['b.tar.gz', 'config', 'data', 'restored']);
});

it('secrets stay out, and what is left out is listed; the rest of the configuration is as it was', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  const { left, config } = await backup();
  const to = join(dir, 'restored');
  await unpack(archive, to, version);
  expect(await listed(to)).toEqual(
    [
      ...['calibration.json', 'city.yaml', 'gateway.yaml', 'learned/dma-2/model.onnx', 'points/泵站.csv'].map(
        (name) => `config/${name}`,
      ),
      ...['drivers/opcua/trusted/plc.der', 'history.db', 'journal.db', 'models.json'].map((name) => `data/${name}`),
    ].sort(),
  );
  expect(left.map(({ what, why }) => `${why} ${what}`).sort()).toEqual([
    'secret !secret left-out-1-password',
    'secret !secret left-out-2-url',
    'secret accounts.json',
    'secret city.secret',
    'secret drivers/opcua/own.pem',
    'secret secrets.yaml',
  ]);
  const written = await readFile(join(to, config), 'utf8');
  expect(written).toBe(
    yaml
      .replace('hunter2', '!secret left-out-1-password')
      .replace('"https://chat.example/send?key=693a91f6"', '!secret left-out-2-url'),
  );
  const whole = gunzipSync(await readFile(archive)).toString('latin1');
  for (const secret of ['hunter2', '693a91f6', 'do not tell', 'quiet', 'PRIVATE KEY', 'scrypt'])
    expect(whole).not.toContain(secret);
});

it('nobody but its owner may look into what is restored, whatever the folder was before', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  await backup({ withSecrets: true });
  const to = join(dir, 'restored');
  await mkdir(to, { mode: 0o755 });
  await unpack(archive, to, version);
  const entries = await readdir(to, { recursive: true });
  expect(entries.length).toBeGreaterThan(15);
  for (const entry of ['', ...entries]) {
    const found = await stat(join(to, entry));
    expect([entry, found.mode & 0o777]).toEqual([entry, found.isDirectory() ? 0o700 : 0o600]);
  }
});

it('with secrets everything is in it, byte for byte; files outside the folder are listed', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  const outside = join(dir, 'outside.pem');
  await writeFile(outside, 'PEM');
  const config = join(dir, 'config/gateway.yaml');
  await writeFile(config, yaml.replace('/nowhere/else.pem', outside));
  expect((await backup({ withSecrets: true })).left).toEqual([{ what: outside, why: 'outside' }]);
  await unpack(archive, join(dir, 'restored'), version);
  for (const name of Object.keys(files).filter((one) => one !== 'unrelated.txt'))
    expect(await readFile(join(dir, 'restored/config', name), 'utf8')).toBe(
      await readFile(join(dir, 'config', name), 'utf8'),
    );
  expect(await listed(join(dir, 'restored/config'))).not.toContain('unrelated.txt');
});

it('a backup takes the place of nothing, and is not made of nothing', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  await writeFile(archive, 'another');
  await expect(backup()).rejects.toMatchObject({ code: 'LL-BACKUP-EXISTS' });
  const to = join(dir, 'c.tar.gz');
  await expect(backup({ data: join(dir, 'elsewhere'), to })).rejects.toMatchObject({ code: 'LL-BACKUP-NOTHING' });
  await expect(backup({ config: join(dir, 'none.yaml'), to })).rejects.toMatchObject({ code: 'LL-BACKUP-FILE' });
  expect((await readdir(dir)).sort()).toEqual(['b.tar.gz', 'config', 'data']);
});

it('a restore goes into no folder that holds anything', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  await backup();
  const before = await listed(join(dir, 'data'));
  await expect(unpack(archive, join(dir, 'data'), version)).rejects.toMatchObject({ code: 'LL-BACKUP-FOLDER' });
  expect(await listed(join(dir, 'data'))).toEqual(before);
  await mkdir(join(dir, 'empty'));
  await unpack(archive, join(dir, 'empty'), version);
  expect(await readdir(join(dir, 'empty'))).toEqual(['config', 'data']);
});

it('an archive that is damaged or cut off anywhere restores nothing and leaves nothing', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  await backup();
  const bytes = await readFile(archive);
  const plain = gunzipSync(bytes);
  const bad = join(dir, 'bad.tar.gz');
  const refused = async (content: Uint8Array, what: string) => {
    await writeFile(bad, content);
    const error = await unpack(bad, join(dir, 'restored'), version).catch((cause: unknown) => cause);
    expect(error, what).toMatchObject({
      code: expect.stringMatching(/^LL-(BACKUP-(CONTENT|FILE|NEWER)|STORE-ARCHIVE)$/),
    });
    expect((await readdir(dir)).sort()).toEqual(['b.tar.gz', 'bad.tar.gz', 'config', 'data']);
  };
  for (let part = 0; part < 20; part++) {
    const at = Math.floor((bytes.length * part) / 20);
    await refused(bytes.subarray(0, at), `cut at ${at}`);
    const byte = Math.floor(((plain.length - 1_024) * part) / 20);
    const flipped = Buffer.from(plain);
    flipped[byte] = (flipped[byte] as number) ^ 1;
    await refused(gzipSync(flipped), `byte ${byte} of ${plain.length} flipped`);
  }
});

/** An archive with a manifest that says what its members are, whatever they are called. */
async function crafted(path: string, members: Readonly<Record<string, string>>, change: object = {}): Promise<void> {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const manifest = {
    ...{
      format: 1,
      version,
      made: new Date(startMs).toISOString(),
      config: 'config/gateway.yaml',
      layouts: {},
      left: [],
    },
    files: Object.entries(members).map(([name, text]) => ({ name, size: text.length, sha256: hash(text) })),
    ...change,
  };
  async function* content(text: string) {
    yield Buffer.from(text);
  }
  async function* all(): AsyncGenerator<TarMember> {
    for (const [name, text] of Object.entries({ 'manifest.json': JSON.stringify(manifest), ...members }))
      yield { name, size: Buffer.byteLength(text), content: content(text) };
  }
  await pipeline(tar(all(), startMs), createGzip(), createWriteStream(path));
}

it.each([
  '../escaped',
  '/etc/escaped',
  'config/../../escaped',
  'config/./x',
  'config//x',
  'config/',
  'config',
  'data/other.sh',
  'data/.hidden.db',
  'data/Other.db',
  'data/.ssh/x',
  'data/drivers',
  'elsewhere/x',
  'config/a\\..\\b',
  'data/journal.db-wal',
])('a member named %s is refused, and nothing is written', async (name) => {
  const dir = await newFolder();
  await crafted(join(dir, 'a.tar.gz'), { 'config/gateway.yaml': 'gateway: { id: gw }\n', [name]: 'evil' });
  await expect(unpack(join(dir, 'a.tar.gz'), join(dir, 'to'), version)).rejects.toMatchObject({
    code: 'LL-BACKUP-CONTENT',
  });
  expect(await readdir(dir)).toEqual(['a.tar.gz']);
});

it('an archive of a newer version, or of a newer layout, is refused with who made it', async () => {
  const dir = await newFolder();
  const at = join(dir, 'a.tar.gz');
  const member = { 'config/gateway.yaml': 'gateway: { id: gw }\n' };
  await crafted(at, member, { layouts: { 'journal.db': 2 }, version: '0.9.0' });
  await expect(unpack(at, join(dir, 'to'), version)).rejects.toMatchObject({
    ...{ code: 'LL-BACKUP-NEWER', message: expect.stringMatching(/0\.9\.0.*journal\.db has layout 2.*0\.1\.0/) },
  });
  await crafted(at, member, { format: 2, version: '2.0.0', files: 'other' });
  await expect(unpack(at, join(dir, 'to'), version)).rejects.toMatchObject({ code: 'LL-BACKUP-NEWER' });
  await crafted(at, member);
  await unpack(at, join(dir, 'to'), version);
});

it('links in the folder of drivers are not followed', async () => {
  const { dir, store, backup, archive } = await gateway();
  await store.close();
  await writeFile(join(dir, 'foreign'), 'foreign');
  await symlink(join(dir, 'foreign'), join(dir, 'data/drivers/link'));
  await backup();
  await unpack(archive, join(dir, 'restored'), version);
  expect(await listed(join(dir, 'restored/data'))).not.toContain('drivers/link');
});

/** Archives that every released version has made, each with the rows that its journal holds. */
it.each(['0.1.0'])('R24: a backup made by version %s is restored with the same content', async (released) => {
  const dir = await newFolder();
  const archive = join(import.meta.dirname, `released/${released}.tar.gz`);
  const manifest = await unpack(archive, join(dir, 'restored'), version);
  expect(manifest.version).toBe(released);
  const copy = join(dir, 'copy');
  await cp(join(dir, 'restored/data'), copy, { recursive: true });
  const store = await open(copy, { clock: new VirtualClock(startMs + 3_600_000) });
  expect(store.notices).toEqual([]);
  const events = await store.journal.read(0, 1_000);
  expect(events.map(({ data }) => data['number'])).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  expect(await store.cursors.get('city')).toBe(90);
  const { times, values } = await store.history.query('d/t1', startMs, startMs + 590_000, 10_000);
  expect(times).toHaveLength(591);
  times.forEach((time, row) => {
    expect(values[row]).toBe(Math.sin(((time - startMs) / 1000) * 2));
  });
  await store.close();
  const newer = await openDatabase(join(copy, 'journal.db'));
  await newer.exec('PRAGMA user_version = 99');
  await newer.close();
  await expect(open(copy)).rejects.toMatchObject({ code: 'LL-STORE-NEWER' });
});
