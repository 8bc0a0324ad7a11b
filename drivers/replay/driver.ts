import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { suggest } from '../../edge/core/suggest.ts';
import { both, type Text } from '../../edge/core/text.ts';
import type { DeviceDefinition, Driver, PointProblem } from '../api.ts';
import { type CsvLayout, readLayout } from './csv-layout.ts';
import { csvSource } from './csv-source.ts';
import { offsetMinutes } from './csv-time.ts';
import { replayErrors } from './errors.ts';
import type { MomentSource } from './moment.ts';
import { options } from './options.ts';
import { Playback } from './playback.ts';
import { manifestFile } from './recording-format.ts';
import { readManifest, recordedDevice, recordingSource } from './recording-source.ts';
import { unreadable } from './text-blocks.ts';

const scheme = 'file:';

type Place = { readonly kind: 'csv'; readonly file: string } | { readonly kind: 'recording'; readonly folder: string };

/** What an endpoint names. Throws `LL-REPLAY-ENDPOINT` and `LL-REPLAY-FILE`. */
function placeOf({ id, endpoint }: DeviceDefinition): Place {
  const path = endpoint.slice(scheme.length);
  if (!endpoint.startsWith(scheme) || path === '') {
    throw replayErrors.create(
      'ENDPOINT',
      both(
        `endpoint "${endpoint}" of ${id} is not of the form file:PATH`,
        `${id} 的地址“${endpoint}”不是 file:路径 的形式`,
      ),
    );
  }
  if (path.endsWith(`/${manifestFile}`)) return { kind: 'recording', folder: dirname(path) };
  try {
    return statSync(path).isDirectory() ? { kind: 'recording', folder: path } : { kind: 'csv', file: path };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

const ownName = (name: string) => name.slice(name.indexOf('/') + 1);

function sourceOf(device: DeviceDefinition): MomentSource {
  const { time, utcOffset } = options.parse(device.options);
  const place = placeOf(device);
  if (place.kind === 'csv') return csvSource(readLayout(place.file, device, time), offsetMinutes(utcOffset));
  const wanted = device.points.map(({ name }) => ownName(name));
  return recordingSource(place.folder, device.id, wanted);
}

/** Names under which the file has values, and for each point whether it is among them. */
function offered(
  device: DeviceDefinition,
): { readonly file: string; readonly names: readonly string[]; readonly has: readonly boolean[] } | undefined {
  const place = placeOf(device);
  if (place.kind === 'recording') {
    const names = recordedDevice(place.folder, readManifest(place.folder), device.id).points;
    return { file: place.folder, names, has: device.points.map(({ name }) => names.includes(ownName(name))) };
  }
  const layout: CsvLayout = readLayout(place.file, device, options.parse(device.options).time);
  if (layout.kind === 'long') return undefined;
  const names = layout.headers.filter((_, column) => column !== layout.time);
  return { file: place.file, names, has: Array.from(layout.columns, (column) => column >= 0) };
}

/** Points that the file has no column for: they stay without a value. */
function examine(device: DeviceDefinition): readonly PointProblem[] {
  let found: ReturnType<typeof offered>;
  try {
    found = offered(device);
  } catch {
    // what is wrong with the file itself is told by `validate`
    return [];
  }
  if (!found) return [];
  const { file, names, has } = found;
  return device.points.flatMap(({ node, name }, point): PointProblem[] => {
    if (has[point]) return [];
    const wanted = node === '' ? ownName(name) : node;
    const near = suggest(wanted, names);
    const error = replayErrors.create('COLUMN', both(`${file} has no column "${wanted}"`, `${file} 没有“${wanted}”列`));
    const fix = near
      ? both(`did you mean "${near}"?`, `是否为“${near}”？`)
      : both(`it has ${names.slice(0, 20).join(', ')}`, `其中有 ${names.slice(0, 20).join('、')}`);
    return [{ point, column: node === '' ? 'tag' : 'node', severity: 'warning', error, fix }];
  });
}

function validate(device: DeviceDefinition): void {
  const { speed, times, loop } = options.parse(device.options);
  const refuse = (why: Text) =>
    replayErrors.create(
      'OPTIONS',
      both(`${device.id} is played at speed max: ${why.en}`, `${device.id} 以 speed: max 回放：${why.zh}`),
    );
  if (speed === 'max' && loop) throw refuse(both('loop would never end', 'loop 永不结束'));
  if (speed === 'max' && times === 'now')
    throw refuse(both('all values would get the same time', '所有数值的时间会相同'));
  sourceOf(device);
}

/**
 * Plays a CSV file (a column per tag, or a row per value) or a recording of `lifeline record` as if it were a device. What
 * is played at what speed follows the clock that is handed in, so that virtual time needs nothing more.
 */
export const replayDriver: Driver = {
  name: 'replay',
  options,
  examine,
  validate,
  async open(device, events, host) {
    const playback = new Playback(device, sourceOf(device), options.parse(device.options), events, host);
    playback.start();
    return playback;
  },
};
