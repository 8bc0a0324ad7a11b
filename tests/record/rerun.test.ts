import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceDefinition } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { readManifest } from '../../drivers/replay/recording-source.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { readFrames } from '../../edge/cli/record/frame-lines.ts';
import { rerunRecording, writeGolden } from '../../edge/cli/record/golden.ts';
import { serveRecorded } from '../../edge/cli/record/serve.ts';
import { realClock } from '../../edge/core/clock.ts';
import { Peer, pointAt } from '../drivers/peer.ts';
import { newFolder } from '../drivers/replay/play.ts';
import { recordDevices } from './recording.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** Records a peer with two groups of points until its driver has given so many batches. */
async function recordPeer(peer: Peer, count: number) {
  await peer.listen();
  open.push(() => peer.close());
  const points = [0, 1, 7, 50].map((address, tag) =>
    pointAt(tag, address, { name: `ps-1/p${address}`, periodMs: address === 50 ? 150 : 50 }),
  );
  const definition: DeviceDefinition = {
    id: 'ps-1',
    endpoint: peer.endpoint,
    points,
    options: { timeoutMs: 80, maxGap: 0 },
  };
  const recorded = await recordDevices([{ driver: 'modbus', definition }], modbusDriver, { count });
  const rows = points.map(({ address, periodMs }) => `p${address},holding,${address},uint16,${periodMs}ms`);
  await writeFile(join(recorded.folder, 'points.csv'), `tag,table,address,type,group\n${rows.join('\n')}\n`);
  await writeFile(
    join(recorded.folder, 'gateway.yaml'),
    `gateway: { id: gw }\ndevices:\n  - { id: ps-1, driver: modbus, endpoint: "${peer.endpoint}", timeoutMs: 80, maxGap: 0, points: points.csv }\n`,
  );
  return { ...recorded, definition };
}

/** A peer with changing values and a register that it refuses; every so manieth answer meets another fate. */
function badPeer(fate: (count: number) => 'silent' | 'stray' | 'reset' | undefined): Peer {
  const peer = new Peer();
  peer.missing.add(7);
  peer.valueAt = (address) => (address * 1000 + peer.requests.length) & 0xffff;
  peer.behaviour = (_frame, socket, answer) => {
    const what = fate(peer.requests.length);
    const bytes = answer();
    if (what === 'stray') bytes[0] = (bytes[0] as number) ^ 0x40;
    if (what === 'reset') socket.resetAndDestroy();
    else if (what !== 'silent') socket.write(bytes);
  };
  return peer;
}

describe('the driver run on recorded frames', () => {
  it('makes of refusals, silence, strays and breaks the samples that it made of them on site', async () => {
    const { folder } = await recordPeer(
      badPeer((count) =>
        count % 11 === 5 ? 'silent' : count % 13 === 6 ? 'stray' : count === 40 ? 'reset' : undefined,
      ),
      40,
    );
    const [run] = await rerunRecording(folder, loadContext);
    const out = await newFolder();
    const [agreement] = await writeGolden(folder, out, [run!], false);
    expect(agreement).toMatchObject({ device: 'ps-1', difference: undefined });
    expect(agreement!.same).toBeGreaterThanOrEqual(35);
    expect(run!.lines.join()).toMatch(/"quality":\[?[^\]]*1(30|32|33)/);
  });

  it('is the same to the last byte every time, and a golden test of it says so', async () => {
    const { folder } = await recordPeer(
      badPeer((count) => (count % 7 === 3 ? 'silent' : undefined)),
      15,
    );
    const golden = await newFolder();
    const first = await rerunRecording(folder, loadContext);
    await writeGolden(folder, golden, first, false);
    const [again] = await rerunRecording(golden, loadContext);
    expect(again!.lines).toEqual(first[0]!.lines);
    expect(again!.lines).toEqual(again!.before);
    expect(again!.lines.length).toBeGreaterThan(10);
  });

  it('is refused as a golden test, with the place, when it makes other samples; `accept` takes them', async () => {
    const { folder } = await recordPeer(
      badPeer(() => undefined),
      10,
    );
    const points = join(folder, 'points.csv');
    await writeFile(points, (await readFile(points, 'utf8')).replace('p50,holding,50,uint16', 'p50,holding,50,int16'));
    const runs = await rerunRecording(folder, loadContext);
    const out = await newFolder();
    await expect(writeGolden(folder, out, runs, false)).rejects.toMatchObject({
      code: 'LL-RECORD-DIFFERENT',
      message: expect.stringMatching(/^ps-1: batch 1 of its group: p50 was 5\d{4} good, is -\d+ good$/),
    });
    const [agreement] = await writeGolden(folder, out, runs, true);
    expect(agreement!.difference).toContain('p50 was');
  });

  it('tells what is missing or damaged', async () => {
    const { folder } = await recordPeer(
      badPeer(() => undefined),
      4,
    );
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
  const { folder, batches, definition } = await recordPeer(
    badPeer(() => undefined),
    8,
  );
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
