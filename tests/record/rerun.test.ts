import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceDefinition } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { encodeMbap, MbapReader } from '../../drivers/modbus/frame.ts';
import { encodeException, encodeReadReply, parseRequest } from '../../drivers/modbus/pdu.ts';
import { encodeRtu } from '../../drivers/modbus/rtu.ts';
import { readManifest } from '../../drivers/replay/recording-source.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { readFrames } from '../../edge/cli/record/frame-lines.ts';
import { rerunRecording, writeGolden } from '../../edge/cli/record/golden.ts';
import { Recorder } from '../../edge/cli/record/recorder.ts';
import { serveRecorded } from '../../edge/cli/record/serve.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer, pointAt } from '../drivers/peer.ts';
import { newFolder, startMs } from '../drivers/replay/play.ts';
import { recordDevices } from './recording.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

type Fate = 'silent' | 'stray' | 'late' | 'broken' | undefined;

/** A PLC in memory with changing values and a register that it refuses; every request meets a fate by its number. */
function memoryPlc(clock: VirtualClock, fate: (count: number) => Fate, rtu: boolean): () => Duplex {
  let asked = 0;
  const answer = (request: Uint8Array) => {
    const parsed = parseRequest(request);
    if (parsed.kind !== 'read' || parsed.address === 7) return encodeException(request, 2);
    return encodeReadReply(
      'holding',
      Uint16Array.from({ length: parsed.count }, (_, index) => asked + index * 1000),
    );
  };
  return () => {
    const reader = new MbapReader();
    const line = new Duplex({
      read: () => undefined,
      write(chunk: Uint8Array, _encoding, done) {
        const frames = rtu
          ? [{ transaction: 0, unit: chunk[0] as number, pdu: chunk.subarray(1, -2) }]
          : reader.push(chunk);
        for (const { transaction, unit, pdu } of frames) {
          const what = fate(++asked);
          const number = what === 'stray' ? transaction ^ 0x4000 : transaction;
          const bytes = rtu ? encodeRtu(unit, answer(pdu)) : encodeMbap(number, unit, answer(pdu));
          if (what === 'broken') clock.after(2, () => line.destroy());
          else if (what !== 'silent') clock.after(what === 'late' ? 90 : 3, () => line.destroyed || line.push(bytes));
        }
        done();
      },
    });
    return line;
  };
}

/** Records ten seconds of such a PLC in virtual time. */
async function recordMemory(fate: (count: number) => Fate, scheme: 'tcp' | 'rtu+tcp' = 'tcp'): Promise<string> {
  const endpoint = `${scheme}://10.0.0.1:502`;
  const folder = join(await newFolder(), 'recording');
  await mkdir(folder);
  const rows = [0, 1, 7, 50].map((address) => `p${address},holding,${address},uint16,${address === 50 ? 700 : 200}ms`);
  await writeFile(join(folder, 'points.csv'), `tag,table,address,type,group\n${rows.join('\n')}\n`);
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: gw }\ndevices:\n  - { id: ps-1, driver: modbus, endpoint: "${endpoint}", timeoutMs: 80, maxGap: 0, points: points.csv }\n`,
  );
  const { gateway } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
  const clock = new VirtualClock(startMs);
  const recorder = new Recorder({
    ...{ out: folder, gateway: 'gw', version: '0', seed: 7, devices: gateway!.devices, drivers: [modbusDriver] },
    host: { clock, log: silentLog, stateDir: '', line: memoryPlc(clock, fate, scheme !== 'tcp') },
    ...{ maxBytes: 1e9, onEnd: () => undefined },
  });
  await recorder.start();
  await clock.advance(10_000);
  await recorder.stop('time');
  return folder;
}

describe('the driver run on recorded frames', () => {
  it.each(['tcp', 'rtu+tcp'] as const)(
    'makes of refusals, silence, strays, late answers and breaks over %s what it made of them on site',
    async (scheme) => {
      const fates: Readonly<Record<number, Fate>> = {
        5: 'silent',
        17: 'stray',
        26: 'late',
        33: 'silent',
        47: 'broken',
      };
      const folder = await recordMemory((count) => fates[count], scheme);
      const [run] = await rerunRecording(folder, loadContext);
      expect(run!.before.length).toBeGreaterThan(40);
      expect(run!.lines.slice(0, run!.before.length)).toEqual(run!.before);
      expect(run!.before.join()).toMatch(/130/);
      const [agreement] = await writeGolden(folder, await newFolder(), [run!], false);
      expect(agreement).toMatchObject({ device: 'ps-1', same: run!.before.length, difference: undefined });
    },
  );

  it('is the same to the last byte every time, and a golden test of it says so', async () => {
    const folder = await recordMemory((count) => (count % 17 === 3 ? 'silent' : undefined));
    const golden = await newFolder();
    const first = await rerunRecording(folder, loadContext);
    await writeGolden(folder, golden, first, false);
    const [again] = await rerunRecording(golden, loadContext);
    expect(again!.lines).toEqual(first[0]!.lines);
    expect(again!.lines).toEqual(again!.before);
    expect(again!.lines.length).toBeGreaterThan(40);
  });

  it('is refused as a golden test, with the place, when it makes other samples; `accept` takes them', async () => {
    const folder = await recordMemory(() => undefined);
    const runs = await rerunRecording(folder, loadContext);
    const altered = runs.map((run) => ({
      ...run,
      lines: run.lines.map((line) => line.replace('"values":[', '"values":[9')),
    }));
    const out = await newFolder();
    await expect(writeGolden(folder, out, altered, false)).rejects.toMatchObject({
      code: 'LL-RECORD-DIFFERENT',
      message: expect.stringMatching(/^ps-1: batch 1 of its group: p\d+ was \d+ good, is 9\d+ good$/),
    });
    const [agreement] = await writeGolden(folder, out, altered, true);
    expect(agreement!.difference).toContain('was');
  });

  it('tells what is missing or damaged', async () => {
    const folder = await recordMemory(() => undefined);
    await expect(rerunRecording(folder, loadContext, ['ps-2'])).rejects.toMatchObject({ code: 'LL-RECORD-FRAMES' });
    const frames = join(folder, 'frames/ps-1.ndjson');
    const text = await readFile(frames, 'utf8');
    await writeFile(frames, text.slice(0, text.length - 9));
    await expect(rerunRecording(folder, loadContext)).rejects.toMatchObject({
      code: 'LL-RECORD-CUT',
      message: expect.stringMatching(/frames\/ps-1\.ndjson:\d+: /),
    });
    await writeFile(frames, text.replace(/"received":"(....)00/, '"received":"$101'));
    await expect(rerunRecording(folder, loadContext)).rejects.toMatchObject({ code: 'LL-REPLAY-CHANGED' });
    await rm(join(folder, 'gateway.yaml'));
    await expect(rerunRecording(folder, loadContext)).rejects.toMatchObject({ code: 'LL-RECORD-CONFIG' });
  });
});

it('a recorded device answers over TCP as it did, again and again', async () => {
  const peer = await new Peer().listen();
  open.push(() => peer.close());
  peer.valueAt = (address) => address * 1000 + peer.requests.length;
  const points = [0, 1, 9].map((address, tag) => pointAt(tag, address, { name: `ps-1/p${address}`, periodMs: 50 }));
  const definition: DeviceDefinition = { id: 'ps-1', endpoint: peer.endpoint, points, options: {} };
  const { folder, batches } = await recordDevices([{ driver: 'modbus', definition }], modbusDriver, { count: 8 });
  const [device] = readManifest(folder).devices;
  const frames = readFrames(folder, device!, (error) => {
    throw error;
  });
  const unknown: string[] = [];
  const served = await serveRecorded(frames, {
    ...{ clock: realClock(), port: 0, numbered: true },
    onUnknown: (request) => unknown.push(Buffer.from(request).toString('hex')),
  });
  open.push(() => served.close());
  const again = await recordDevices(
    [{ driver: 'modbus', definition: { ...definition, endpoint: served.endpoint } }],
    modbusDriver,
    {
      count: 24,
    },
  );
  const fast = (all: typeof batches) => all.filter(({ tags }) => tags.length === 3).map(({ values }) => [...values]);
  const answered = fast(batches);
  expect(fast(again.batches).slice(0, answered.length - 1)).toEqual(answered.slice(0, -1));
  expect(again.batches).toHaveLength(24);
  expect(unknown).toEqual([]);
});
