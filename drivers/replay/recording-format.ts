import { z } from 'zod';
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

const read = (value: WrittenNumber): number => (value === null ? Number.NaN : Number(value));

const isNumbers = (value: unknown, length: number): value is number | number[] =>
  typeof value === 'number' || (Array.isArray(value) && value.length === length && value.every(Number.isFinite));

/**
 * Reads a line of a samples file, `{at, points?, times, values, quality}`: `at` is when the batch came, `points` are left out where they are all of
 * the device's in order, `times` and `quality` are one number where all are the same. Says what is wrong with one that is none.
 */
export function decodeSamples(line: string, pointCount: number): Moment | string {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return 'cut off or no JSON';
  }
  const { at, points: places, times, values, quality } = row ?? {};
  if (typeof at !== 'number' || !Array.isArray(values)) return 'no samples';
  const length = values.length;
  if (!isNumbers(times, length) || !isNumbers(quality, length)) return 'columns of different length';
  const points = places === undefined ? values.map((_, index) => index) : places;
  if (!isNumbers(points, length) || typeof points === 'number' || !points.every((place) => place < pointCount)) {
    return `points beyond the ${pointCount} of the device`;
  }
  const column = (given: number | number[]) =>
    typeof given === 'number' ? new Array<number>(length).fill(given) : given;
  return {
    at,
    points: Int32Array.from(points),
    values: Float64Array.from(values as WrittenNumber[], read),
    quality: Uint8Array.from(column(quality)),
    times: Float64Array.from(column(times)),
  };
}
