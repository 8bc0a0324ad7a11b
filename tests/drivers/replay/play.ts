import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { DeviceDefinition, DeviceNotice, DevicePoint } from '../../../drivers/api.ts';
import { replayDriver } from '../../../drivers/replay/driver.ts';
import { createAcquisition } from '../../../edge/acquisition/acquisition.ts';
import type { SampleBatch } from '../../../edge/core/batch.ts';
import { type Log, silentLog } from '../../../edge/core/log.ts';
import { qualityName } from '../../../edge/core/quality.ts';
import { VirtualClock } from '../../../edge/core/virtual-clock.ts';
import { pointAt, testHost } from '../peer.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-replay-'));
  folders.push(folder);
  return folder;
}

/** Points of the device `ps-1` by name; `{flow: 'FT-101'}` has another column in its row's `node`. */
export const pointsOf = (names: readonly string[], nodes: Readonly<Record<string, string>> = {}): DevicePoint[] =>
  names.map((name, tag) => pointAt(tag, 0, { name: `ps-1/${name}`, node: nodes[name] ?? '' }));

/** What a played device gave: offset from the start in ms, point, value, quality. */
export type Played = readonly [atMs: number, tag: number, value: number, quality: string];

export interface Playing {
  readonly clock: VirtualClock;
  readonly batches: SampleBatch[];
  readonly notices: DeviceNotice[];
  readonly warnings: string[];
  readonly reconnects: () => number;
  rows(): Played[];
  stop(): Promise<void>;
}

/** When virtual playing begins. */
export const startMs = Date.UTC(2027, 0, 12);

/** Plays a device through acquisition on a virtual clock. */
export function playing(device: DeviceDefinition): Playing {
  const clock = new VirtualClock(startMs);
  const batches: SampleBatch[] = [];
  const notices: DeviceNotice[] = [];
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (fields, message) => warnings.push(`${fields['code']} ${message}`) };
  const acquisition = createAcquisition({
    ...{ devices: [{ driver: 'replay', definition: device }], drivers: [replayDriver], host: testHost(clock, log) },
    onBatch: (batch) => batches.push(batch),
    onDeviceChange: () => undefined,
    onDeviceNotice: (_, notice) => notices.push(notice),
  });
  acquisition.start();
  return {
    ...{ clock, batches, notices, warnings },
    reconnects: () => acquisition.status()[0]!.reconnects,
    rows: () =>
      batches.flatMap(({ tags, values, quality, received }) =>
        Array.from(tags, (tag, row): Played => [received - startMs, tag, values[row]!, qualityName(quality[row]!)]),
      ),
    stop: () => acquisition.stop(),
  };
}

/** Writes a file and plays it as `ps-1`. */
export async function playCsv(
  content: string | Uint8Array,
  points: readonly DevicePoint[],
  options: Readonly<Record<string, unknown>> = {},
): Promise<Playing & { readonly file: string }> {
  const file = join(await newFolder(), 'history.csv');
  await writeFile(file, content);
  return { file, ...playing({ id: 'ps-1', endpoint: `file:${file}`, points, options }) };
}
