import { createHash } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceDefinition } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { decodeSamples, encodeSamples, type RecordingManifest } from '../../drivers/replay/recording-format.ts';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { Peer, pointAt } from '../drivers/peer.ts';
import { playing, startMs } from '../drivers/replay/play.ts';
import { recordDevices } from './recording.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close();
});

/** A device whose registers change with every answer, one of them absent, with groups of two periods. */
async function changingDevice(): Promise<{ peer: Peer; definition: DeviceDefinition }> {
  const peer = await new Peer().listen();
  peers.push(peer);
  peer.missing.add(7);
  peer.valueAt = (address) => (address * 1000 + peer.requests.length) & 0xffff;
  const points = [0, 1, 2, 7, 100].map((address, tag) =>
    pointAt(tag, address, { name: `ps-1/p${address}`, periodMs: address === 100 ? 150 : 50 }),
  );
  return { peer, definition: { id: 'ps-1', endpoint: peer.endpoint, points, options: { timeoutMs: 200 } } };
}

const record = async (definition: DeviceDefinition, count: number, maxBytes?: number) =>
  recordDevices([{ driver: 'modbus', definition }], modbusDriver, { count, ...(maxBytes ? { maxBytes } : {}) });

const replayed = (definition: DeviceDefinition, folder: string, options = {}): DeviceDefinition => ({
  ...definition,
  ...{ endpoint: `file:${folder}`, options },
});

const manifestOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'recording.json'), 'utf8')) as RecordingManifest;

/** Rows of batches: tag, value, quality, source time from an origin on. */
const rowsOf = (batches: readonly SampleBatch[], originMs: number) =>
  batches.flatMap(({ tags, values, quality, times }) =>
    Array.from(tags, (tag, row) => [tag, values[row], quality[row], times[row]! - originMs]),
  );

describe('a recording', () => {
  it('gives back the samples that the driver gave: values, quality, order and times from the start on', async () => {
    const { definition } = await changingDevice();
    const { folder, batches } = await record(definition, 30);
    const recordedFromMs = Date.parse((await manifestOf(folder)).start);
    const { clock, batches: played, stop } = playing(replayed(definition, folder));
    await clock.advance(600_000);
    const [ended] = played.splice(-1);
    expect(ended!.quality.every((quality) => quality === 133)).toBe(true);
    expect(rowsOf(played, startMs)).toEqual(rowsOf(batches, recordedFromMs));
    await stop();
  });

  it('goes by the names of points: another order, one left out, one more that stays without a value', async () => {
    const { definition } = await changingDevice();
    const { folder, batches } = await record(definition, 6);
    const points = [
      pointAt(0, 0, { name: 'ps-1/p2' }),
      pointAt(1, 0, { name: 'ps-1/new' }),
      pointAt(2, 0, { name: 'ps-1/p0' }),
    ];
    const { clock, batches: played, stop } = playing(replayed({ ...definition, points }, folder));
    await clock.advance(600_000);
    const values = (from: readonly SampleBatch[], tag: number) =>
      from.flatMap(({ tags, values: column }) => [...column].filter((_, row) => tags[row] === tag));
    expect(values(played.slice(0, -1), 0)).toEqual(values(batches, 2));
    expect(values(played.slice(0, -1), 2)).toEqual(values(batches, 0));
    expect(values(played.slice(0, -1), 1)).toEqual([]);
    await stop();
  });

  it('tells of its files what they hash to, and has the frames of all requests and answers', async () => {
    const { peer, definition } = await changingDevice();
    const { folder } = await record(definition, 10);
    const { devices, end, ended } = await manifestOf(folder);
    expect({ end: Number.isNaN(Date.parse(end!)), ended }).toEqual({ end: false, ended: 'signal' });
    for (const { file, sha256, bytes, lines } of [devices[0]!.samples, devices[0]!.frames!]) {
      const content = await readFile(join(folder, file));
      expect({ sha256, bytes }).toEqual({
        sha256: createHash('sha256').update(content).digest('hex'),
        bytes: content.length,
      });
      expect(content.toString().split('\n')).toHaveLength(lines! + 1);
    }
    const frames = await readFile(join(folder, devices[0]!.frames!.file), 'utf8');
    const sent = [...frames.matchAll(/"sent":"([0-9a-f]+)"/g)].map(([, hex]) => hex!.slice(14));
    expect(sent).toEqual(peer.requests.map(({ pdu }) => Buffer.from(pdu).toString('hex')));
    expect(frames.match(/"received":"/g)).toHaveLength(sent.length);
  });

  it('ends by itself at its largest size', async () => {
    const { definition } = await changingDevice();
    const { folder, ended } = await record(definition, 1e9, 2000);
    expect(ended).toBe('size');
    expect((await manifestOf(folder)).ended).toBe('size');
  });

  it('is played as far as it is whole when it was cut off, with the place named', async () => {
    const { definition } = await changingDevice();
    const { folder } = await record(definition, 10);
    const file = join(folder, 'samples/ps-1.ndjson');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await truncate(file, lines.slice(0, 6).join('\n').length - 9);
    const { clock, batches, notices, warnings, stop } = playing(replayed(definition, folder));
    await clock.advance(600_000);
    expect(batches.slice(0, -1).map(({ values }) => values.length)).toEqual(
      lines.slice(0, 5).map((line) => (JSON.parse(line) as { values: unknown[] }).values.length),
    );
    expect(warnings[0]).toBe(`LL-REPLAY-ROW ${file}:6: cut off or no JSON`);
    const [notice] = notices;
    expect(notice?.active && notice.error).toMatchObject({
      code: 'LL-REPLAY-CHANGED',
      message: expect.stringContaining('than the recorder wrote'),
    });
    await stop();
  });

  it('leaves out what was made something else in the middle', async () => {
    const { definition } = await changingDevice();
    const { folder } = await record(definition, 10);
    const file = join(folder, 'samples/ps-1.ndjson');
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines[2] = lines[2]!.replace('"values":[', '"values":[1,');
    await writeFile(file, lines.join('\n'));
    const { clock, batches, warnings, stop } = playing(replayed(definition, folder));
    await clock.advance(600_000);
    expect(batches).toHaveLength(lines.length - 1);
    expect(warnings[0]).toMatch(/^LL-REPLAY-ROW .*ps-1\.ndjson:3: /);
    await stop();
  });

  it.each([
    ['{"format": "lifeline-recording/2"}', 'LL-REPLAY-RECORDING', 'format: '],
    ['{"format": "lifeline-rec', 'LL-REPLAY-RECORDING', 'no JSON'],
  ])('with %s as its head is refused', async (head, code, message) => {
    const { definition } = await changingDevice();
    const { folder } = await record(definition, 1);
    await writeFile(join(folder, 'recording.json'), head);
    const { clock, warnings, stop } = playing(replayed(definition, folder));
    await clock.advance(1);
    expect(warnings[0]).toMatch(new RegExp(`^${code} ${join(folder, 'recording.json')}: ${message}|no JSON`));
    await stop();
  });

  it('names the device that was meant', async () => {
    const { definition } = await changingDevice();
    const { folder } = await record(definition, 1);
    const { clock, warnings, stop } = playing({ ...replayed(definition, folder), id: 'sp-1' });
    await clock.advance(1);
    expect(warnings[0]).toMatch(/there is no device "sp-1"; did you mean "ps-1"\?/);
    await stop();
  });
});

describe('a line of samples', () => {
  const sample = fc.record({
    point: fc.nat(9),
    value: fc.oneof(
      fc.double(),
      fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    ),
    quality: fc.constantFrom(0, 64, 130, 255),
    time: fc.double({ min: 0, max: 4e12, noNaN: true }),
  });

  it('brings back any batch bit for bit', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 20 }),
        fc.double({ min: 0, max: 4e12, noNaN: true }),
        (rows, received) => {
          const batch: SampleBatch = {
            device: 'd',
            tags: Int32Array.from(rows, ({ point }) => point + 50),
            values: Float64Array.from(rows, ({ value }) => value),
            quality: Uint8Array.from(rows, ({ quality }) => quality),
            times: Float64Array.from(rows, ({ time }) => time),
            received,
          };
          const moment = decodeSamples(
            encodeSamples(batch, 10, (tag) => tag - 50),
            10,
          );
          expect(moment).toEqual({
            at: received,
            points: batch.tags.map((tag) => tag - 50),
            ...{ values: batch.values, quality: batch.quality, times: batch.times },
          });
        },
      ),
    );
  });

  it('carries the texts of its points, and of no others', () => {
    const batch = {
      ...createBatch(
        'd',
        2,
        5,
        new Map([
          [51, '一号泵'],
          [99, 'elsewhere'],
        ]),
      ),
    };
    batch.tags.set([51, 50]);
    const moment = decodeSamples(
      encodeSamples(batch, 3, (tag) => tag - 50),
      3,
    );
    expect(moment).toMatchObject({ texts: new Map([[1, '一号泵']]) });
  });

  it('that is anything else is none, and says why', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(typeof decodeSamples(text, 3)).toBe('string');
      }),
    );
    const good = { at: 1, times: 2, values: [1], quality: 0 };
    for (const bad of [
      { points: [3] },
      { points: [-1] },
      { points: [0.5] },
      { points: 'x' },
      { quality: [0, 0] },
      { values: [{}] },
    ]) {
      expect(typeof decodeSamples(JSON.stringify({ ...good, ...bad }), 3), JSON.stringify(bad)).toBe('string');
    }
  });
});
