import { z } from 'zod';
import type { SampleBatch } from '../../edge/core/batch.ts';
import type { Moment } from './moment.ts';

/** Format of recordings that this version writes and plays. */
export const recordingFormat = 'lifeline-recording/1';
/** Name of the file that makes a folder a recording. */
export const manifestFile = 'recording.json';

const recordedFile = z.object({
  /** Path inside the recording. */
  file: z.string(),
  /** Only of a recording that was ended, not of one that was cut off. */
  bytes: z.int().optional(),
  sha256: z.string().optional(),
  /** Batches, or frames. */
  lines: z.int().optional(),
});

const recordedDevice = z.object({
  id: z.string(),
  driver: z.string(),
  /** Without user names and passwords. */
  endpoint: z.string(),
  /** Names of its points, without that of the device; samples name them by their place here. */
  points: z.array(z.string()),
  samples: recordedFile,
  /** Absent where the protocol shows no frames. */
  frames: recordedFile.optional(),
});

/** `recording.json`. */
export const recordingManifest = z.object({
  format: z.literal(recordingFormat),
  /** Version of Lifeline that recorded. */
  lifeline: z.string(),
  gateway: z.string(),
  /** What chance was drawn from: phases of polls, back-offs. */
  seed: z.int().optional(),
  /** ISO 8601, UTC. */
  start: z.string(),
  /** Absent in a recording that was cut off. */
  end: z.string().optional(),
  /** Why it ended: told to, time over, size reached, disk full. */
  ended: z.enum(['signal', 'time', 'size', 'disk']).optional(),
  devices: z.array(recordedDevice),
});

export type RecordingManifest = z.output<typeof recordingManifest>;
export type RecordedDevice = z.output<typeof recordedDevice>;
export type RecordedFile = z.output<typeof recordedFile>;

type WrittenNumber = number | string | null;

/** JSON has no NaN, no infinity and no −0: NaN is null, the others are written as text. */
function written(value: number): WrittenNumber {
  if (Number.isNaN(value)) return null;
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

const texts: readonly unknown[] = [null, '-0', 'Infinity', '-Infinity'];
const isWritten = (value: unknown): value is WrittenNumber => typeof value === 'number' || texts.includes(value);
const read = (value: WrittenNumber): number => (value === null ? Number.NaN : Number(value));

/** One number where all are the same. */
function folded(column: Float64Array | Uint8Array): number | readonly number[] {
  const [first = 0] = column;
  return column.every((value) => value === first) ? first : [...column];
}

/**
 * A batch as one line of a samples file: `{at, points?, times, values, quality, texts?}`. `at` is when it came, `points` are left
 * out where they are all of the device's in order, `times` and `quality` are one number where all are the same, `texts` go by
 * the place of their point.
 * @param placeOf place of a tag among the device's points
 */
export function encodeSamples(batch: SampleBatch, pointCount: number, placeOf: (tag: number) => number): string {
  const places = Array.from(batch.tags, placeOf);
  const all = places.length === pointCount && places.every((place, index) => place === index);
  const { received, times, values, quality, texts } = batch;
  const held = [...batch.tags].flatMap((tag) => (texts?.has(tag) ? [[placeOf(tag), texts.get(tag)]] : []));
  return JSON.stringify({
    at: received,
    ...(all ? {} : { points: places }),
    times: folded(times),
    values: Array.from(values, written),
    quality: folded(quality),
    ...(held.length > 0 ? { texts: Object.fromEntries(held) } : {}),
  });
}

const isNumbers = (value: unknown, length: number): value is number | number[] =>
  typeof value === 'number' || (Array.isArray(value) && value.length === length && value.every(Number.isFinite));

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');

/** Reads such a line; says what is wrong with one that is none. */
export function decodeSamples(line: string, pointCount: number): Moment | string {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return 'cut off or no JSON';
  }
  const { at, points: places, times, values, quality, texts } = row ?? {};
  if (typeof at !== 'number' || !Array.isArray(values)) return 'no samples';
  const length = values.length;
  if (!isNumbers(times, length) || !isNumbers(quality, length)) return 'columns of different length';
  const points = places === undefined ? values.map((_, index) => index) : places;
  const isPlace = (place: unknown) =>
    Number.isInteger(place) && (place as number) >= 0 && (place as number) < pointCount;
  if (!Array.isArray(points) || points.length !== length || !points.every(isPlace)) {
    return `points beyond the ${pointCount} of the device`;
  }
  if (!values.every(isWritten)) return 'a value that is no number';
  const column = (given: number | number[]) =>
    typeof given === 'number' ? new Array<number>(length).fill(given) : given;
  return {
    at,
    points: Int32Array.from(points),
    values: Float64Array.from(values, read),
    quality: Uint8Array.from(column(quality)),
    times: Float64Array.from(column(times)),
    ...(isTexts(texts) ? { texts: new Map(Object.entries(texts).map(([place, text]) => [Number(place), text])) } : {}),
  };
}
