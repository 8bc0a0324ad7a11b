import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { manifestFile, type RecordedDevice, type RecordingManifest } from '../../../drivers/replay/recording-format.ts';
import { readManifest } from '../../../drivers/replay/recording-source.ts';
import type { LoadContext, LoadedGateway } from '../../config/load.ts';
import { loadGateway } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { type Agreement, compareRuns } from './compare.ts';
import { recordErrors } from './errors.ts';
import { readFrames } from './frame-lines.ts';
import { rerun } from './rerun.ts';

/** A device of a recording run again. */
export interface Rerun {
  readonly recorded: RecordedDevice;
  /** Lines of samples that the driver makes of the frames now. */
  readonly lines: readonly string[];
  /** Lines of samples that the recording (or golden test) has. */
  readonly before: readonly string[];
}

/**
 * Runs the drivers of all devices with frames again, or of those named. Throws coded errors for a recording that is damaged,
 * whose configuration is wrong, or that has no frames of a device.
 */
export async function rerunRecording(
  folder: string,
  context: LoadContext,
  wanted: readonly string[] = [],
): Promise<readonly Rerun[]> {
  const manifest = readManifest(folder);
  const gateway = await loadRecorded(folder, context);
  const chosen = manifest.devices.filter(({ id, frames }) => (wanted.length > 0 ? wanted.includes(id) : frames));
  const strange = wanted.find((id) => !chosen.some((device) => device.id === id));
  if (strange !== undefined || chosen.length === 0) {
    throw recordErrors.create('FRAMES', `${folder} holds no frames of ${strange ?? 'any device'}`);
  }
  const runs: Rerun[] = [];
  for (const recorded of chosen) {
    const device = gateway.devices.find(({ definition }) => definition.id === recorded.id);
    if (!device) throw recordErrors.create('FRAMES', `${folder}: gateway.yaml has no device "${recorded.id}"`);
    const frames = readFrames(folder, recorded, (error) => {
      throw error;
    });
    const lines = await rerun(device, frames, manifest);
    const before = (await readFile(join(folder, recorded.samples.file), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    runs.push({ recorded, lines, before });
  }
  return runs;
}

async function loadRecorded(folder: string, context: LoadContext): Promise<LoadedGateway> {
  const { gateway, errors } = await loadGateway(join(folder, 'gateway.yaml'), context);
  if (gateway) return gateway;
  const [first] = errors;
  throw recordErrors.create('CONFIG', first ? formatProblem(first) : join(folder, 'gateway.yaml'));
}

/**
 * Makes a golden test of a recording: its frames, the configuration of its devices, and what their driver makes of them. Of a
 * recording the driver must make the samples that were recorded with it, unless `accept`.
 * @param out a folder that is there and empty
 */
export async function writeGolden(
  folder: string,
  out: string,
  runs: readonly Rerun[],
  accept: boolean,
): Promise<readonly (Agreement & { readonly device: string })[]> {
  const agreements = runs.map(({ recorded, lines, before }) => ({
    device: recorded.id,
    ...compareRuns(before, lines, recorded.points),
  }));
  const apart = agreements.find(({ difference, same }) => difference !== undefined || same === 0);
  if (apart && !accept) {
    throw recordErrors.create('DIFFERENT', `${apart.device}: ${apart.difference ?? 'no batch is the same'}`);
  }
  const devices: RecordedDevice[] = [];
  for (const { recorded, lines } of runs) {
    const file = recorded.samples.file.replace(/^\w+/, 'expected');
    const text = lines.map((line) => `${line}\n`).join('');
    await write(out, file, text);
    if (recorded.frames) await copy(folder, out, recorded.frames.file);
    const sha256 = createHash('sha256').update(text).digest('hex');
    devices.push({ ...recorded, samples: { file, bytes: Buffer.byteLength(text), sha256, lines: lines.length } });
  }
  await writeConfigurationOf(folder, out, new Set(devices.map(({ id }) => id.split(':')[0] as string)));
  const manifest: RecordingManifest = { ...readManifest(folder), devices };
  await write(out, manifestFile, `${JSON.stringify(manifest, null, 2)}\n`);
  return agreements;
}

/** The gateway and these devices of a recording's `gateway.yaml`, with their point tables. */
async function writeConfigurationOf(folder: string, out: string, entries: ReadonlySet<string>): Promise<void> {
  const { gateway, devices } = parse(await readFile(join(folder, 'gateway.yaml'), 'utf8')) as {
    gateway: unknown;
    devices: { readonly id: string; readonly points: string }[];
  };
  const kept = devices.filter(({ id }) => entries.has(id));
  for (const { points } of kept) await copy(folder, out, points);
  await write(out, 'gateway.yaml', stringify({ gateway, devices: kept }, { lineWidth: 0 }));
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function copy(from: string, to: string, file: string): Promise<void> {
  await mkdir(dirname(join(to, file)), { recursive: true });
  await copyFile(join(from, file), join(to, file));
}
