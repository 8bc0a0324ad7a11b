import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suggest } from '../../edge/core/suggest.ts';
import { both, type Text } from '../../edge/core/text.ts';
import { replayErrors } from './errors.ts';
import type { Moment, MomentSource, ReportProblem } from './moment.ts';
import {
  decodeSamples,
  manifestFile,
  type RecordedDevice,
  type RecordedFile,
  type RecordingManifest,
  recordingManifest,
} from './recording-format.ts';
import { readTextBlocks, unreadable } from './text-blocks.ts';

/** Reads `recording.json` of a folder. Throws `LL-REPLAY-FILE` and `LL-REPLAY-RECORDING`. */
export function readManifest(folder: string): RecordingManifest {
  const file = join(folder, manifestFile);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw unreadable(file, cause);
  }
  const refuse = (why: Text, cause?: unknown) =>
    replayErrors.create('RECORDING', both(`${file}: ${why.en}`, `${file}：${why.zh}`), cause);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw refuse(both('it is no JSON', '不是 JSON'), cause);
  }
  const checked = recordingManifest.safeParse(json);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw refuse(both(`${where}: ${issue?.message ?? 'not as expected'}`, `“${where}”与预期不符`));
}

/** The part of a recording that a device has. Throws `LL-REPLAY-RECORDING`. */
export function recordedDevice(folder: string, { devices }: RecordingManifest, id: string): RecordedDevice {
  const found = devices.find((device) => device.id === id);
  if (found) return found;
  const ids = devices.map((device) => device.id);
  const near = suggest(id, ids);
  const meant = near
    ? both(`did you mean "${near}"?`, `是否为“${near}”？`)
    : both(`it holds ${ids.join(', ')}`, `其中有 ${ids.join('、')}`);
  const file = join(folder, manifestFile);
  const text = both(`${file}: there is no device "${id}"; ${meant.en}`, `${file}：没有设备“${id}”；${meant.zh}`);
  throw replayErrors.create('RECORDING', text);
}

/**
 * The lines of a recorded file, in order, with their numbers. What was cut off or changed since is told at the end
 * (`LL-REPLAY-CHANGED`), after everything that could be read.
 */
export function* readRecordedLines(
  folder: string,
  recorded: RecordedFile,
): Generator<readonly { readonly line: number; readonly text: string }[], void> {
  const path = join(folder, recorded.file);
  const hash = createHash('sha256');
  for (const { firstLine, lines, bytes } of readTextBlocks(path)) {
    hash.update(bytes);
    yield lines.map((text, index) => ({ line: firstLine + index, text })).filter(({ text }) => text !== '');
  }
  if (recorded.sha256 === undefined || hash.digest('hex') === recorded.sha256) return;
  const { size } = statSync(path);
  const what =
    size === recorded.bytes
      ? both('other bytes', '内容与录制时不同')
      : both(`${size} bytes instead of ${recorded.bytes}`, `现为 ${size} 字节，录制时为 ${recorded.bytes}`);
  throw replayErrors.create('CHANGED', both(`${path}: ${what.en} than the recorder wrote`, `${path}：${what.zh}`));
}

/**
 * Moments of one device of a recording. Points go by their names, so that the point table may have another order or leave
 * some out.
 * @param wanted names of the device's points, without that of the device
 */
export function recordingSource(folder: string, id: string, wanted: readonly string[]): MomentSource {
  const manifest = readManifest(folder);
  const device = recordedDevice(folder, manifest, id);
  const indexes = Int32Array.from(device.points, (name) => wanted.indexOf(name));
  const same = indexes.every((index, place) => index === place);
  return {
    file: join(folder, device.samples.file),
    start: Date.parse(manifest.start),
    *read(report: ReportProblem) {
      for (const rows of readRecordedLines(folder, device.samples)) {
        for (const { line, text } of rows) {
          const moment = decodeSamples(text, device.points.length);
          if (typeof moment === 'string') report(line, moment);
          else yield same ? moment : renamed(moment, indexes);
        }
        yield undefined;
      }
    },
  };
}

/** A moment with the places of points in their table, without those that the table does not have. */
function renamed(moment: Moment, indexes: Int32Array): Moment {
  const points = moment.points.map((place) => indexes[place] as number);
  const kept = (_: number, row: number) => (points[row] as number) >= 0;
  return {
    at: moment.at,
    points: points.filter(kept),
    values: moment.values.filter(kept),
    quality: moment.quality.filter(kept),
    times: moment.times.filter(kept),
    ...(moment.texts
      ? { texts: new Map([...moment.texts].map(([place, text]) => [indexes[place] as number, text])) }
      : {}),
  };
}
