import type { SampleBatch } from '../../edge/core/batch.ts';
import { Quality, qualityOfNoValue } from '../../edge/core/quality.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { type DevicePoint, isTextType } from '../api.ts';
import { type PreparedRequest, prepareRead, type ReadOutcome } from './client.ts';
import { Exception, isBitTable, isGatewayException } from './pdu.ts';
import { type PlannedRead, splitRead } from './planner.ts';
import { type Decoder, decoderOf } from './registers.ts';
import { type TextReader, textReaderOf } from './text.ts';

/** A planned read with everything that decoding needs laid out beforehand. */
export interface BoundRead {
  readonly plan: PlannedRead;
  readonly prepared: PreparedRequest;
  readonly registers: Uint16Array;
  /** Per number: place in `registers`, decoder, row of the batch. */
  readonly offsets: Int32Array;
  readonly decoders: readonly Decoder[];
  readonly rows: Int32Array;
  /** The same of its texts, apart from the numbers, so that these pay nothing for them. */
  readonly texts: readonly { readonly offset: number; readonly read: TextReader; readonly row: number }[];
  /** Whether its points cannot be told apart by smaller reads. */
  readonly atomic: boolean;
  outcome: ReadOutcome | undefined;
  /** ms since epoch of the answer. */
  answeredAt: number;
}

const asBit: Decoder = (bits, offset) => bits[offset] as number;

/** Whether the device says that (part of) what was asked does not exist, or that it was too much at once. */
export function isRefused(outcome: ReadOutcome | undefined): boolean {
  if (outcome?.kind !== 'exception') return false;
  return outcome.exception === Exception.illegalAddress || outcome.exception === Exception.illegalValue;
}

function qualityOf({ outcome, atomic }: BoundRead): number {
  if (outcome?.kind !== 'exception' || isGatewayException(outcome.exception)) return Quality.comm;
  // which of several points is the wrong one will be known in a later poll
  if (isRefused(outcome)) return atomic ? Quality.config : Quality.notConnected;
  return outcome.exception === Exception.illegalFunction ? Quality.config : Quality.device;
}

/** Where a read goes and by which clock its device keeps time. */
interface ReadPlace {
  readonly unit: number;
  /** Offset from UTC of the device's own clock. */
  readonly utcOffsetMs: number;
}

/** Lays out what decoding a read of some of the points needs. */
export function bindRead(
  points: readonly DevicePoint[],
  plan: PlannedRead,
  { unit, utcOffsetMs }: ReadPlace,
): BoundRead {
  const { table, address, count, rows } = plan;
  const pointOf = (row: number) => points[row] as DevicePoint;
  const numbers = rows.filter((row) => !isTextType(pointOf(row).type));
  const texts = rows.flatMap((row) => {
    const { type, order, length = 1, address: at } = pointOf(row);
    return isTextType(type) ? [{ offset: at - address, read: textReaderOf(type, order, length), row }] : [];
  });
  return {
    plan,
    prepared: prepareRead(unit, table, address, count),
    registers: new Uint16Array(count),
    offsets: Int32Array.from(numbers, (row) => pointOf(row).address - address),
    decoders: numbers.map((row) => (isBitTable(table) ? asBit : decoderFor(pointOf(row), utcOffsetMs))),
    rows: Int32Array.from(numbers),
    texts,
    atomic: splitRead(points, plan).length === 1,
    outcome: undefined,
    answeredAt: 0,
  };
}

function decoderFor({ type, order, bit }: DevicePoint, utcOffsetMs: number): Decoder {
  if (isTextType(type)) throw new TypeError(`${type} is no number`);
  const decoder = decoderOf(type, order, bit);
  return type === 'time-bcd48' ? (registers, offset) => decoder(registers, offset) - utcOffsetMs : decoder;
}

/** Writes the rows of one read into the batch; NaN with the reason where there is no value. */
export function decode(read: BoundRead, batch: SampleBatch): void {
  const { rows, offsets, decoders, registers } = read;
  const answered = read.outcome?.kind === 'values';
  const reason = answered ? Quality.good : qualityOf(read);
  const time = answered ? read.answeredAt : batch.received;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    const value = answered ? (decoders[index] as Decoder)(registers, offsets[index] as number) : Number.NaN;
    const finite = Number.isFinite(value);
    batch.values[row] = finite ? value : Number.NaN;
    batch.quality[row] = answered && !finite ? qualityOfNoValue(value) : reason;
    batch.times[row] = time;
  }
}

/** Writes the texts of one read beside the batch, with the number that stands for each in it. */
export function decodeTexts(read: BoundRead, batch: SampleBatch, into: Map<number, string>): void {
  const { registers } = read;
  const answered = read.outcome?.kind === 'values';
  for (const { row, offset, read: readText } of read.texts) {
    const text = answered ? readText(registers, offset) : undefined;
    batch.values[row] = text === undefined ? Number.NaN : textValue(text);
    batch.quality[row] = text !== undefined ? Quality.good : answered ? Quality.device : qualityOf(read);
    batch.times[row] = answered ? read.answeredAt : batch.received;
    if (text !== undefined) into.set(batch.tags[row] as number, text);
  }
}
