import { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { encodeMbap, MbapReader } from './frame.ts';
import { judgeReply } from './pdu.ts';

/** Unit, function code, two bytes of CRC: nothing shorter is a frame. */
const minFrameBytes = 4;
/** Unit, a PDU of 253 bytes, CRC (Modbus over Serial Line 1.02, 2.3). */
const maxFrameBytes = 256;
const crcBytes = 2;

const crcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** CRC-16/MODBUS of the bytes (Modbus over Serial Line 1.02, 2.5.1.2: polynomial 0xA001, initial 0xFFFF). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] as number);
  return crc;
}

/** A frame for the line: unit, PDU, CRC with the low byte first. */
export function encodeRtu(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + pdu.length + crcBytes);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16(frame.subarray(0, -crcBytes));
  frame[frame.length - 2] = crc;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}

/** What came back at the front of `bytes`: the PDU of the first frame there whose CRC is right and that `fits`. */
function frameAt(bytes: Uint8Array, fits: (unit: number, pdu: Uint8Array) => boolean): number {
  const most = Math.min(bytes.length, maxFrameBytes);
  for (let length = minFrameBytes + 1; length <= most; length++) {
    if (!fits(bytes[0] as number, bytes.subarray(1, length - crcBytes))) continue;
    const crc = (bytes[length - 2] as number) | ((bytes[length - 1] as number) << 8);
    if (crc16(bytes.subarray(0, length - crcBytes)) === crc) return length;
  }
  return 0;
}

/** A request on the line. */
interface Asked {
  readonly transaction: number;
  readonly unit: number;
  readonly pdu: Uint8Array;
}

export interface RtuOptions {
  readonly clock: Clock;
  /** Silence kept before each request, ms: 3.5 characters on a serial line (2.5.1.1), 0 where frames travel whole. */
  readonly quietMs: number;
}

/**
 * Puts a client of Modbus TCP on a line that speaks RTU: requests lose their header and get a CRC, answers the header of
 * the request they belong to. One request at a time. Nothing on the line is an error: an answer is found by unit, function,
 * length and CRC wherever it stands, in fragments or after garbage; what belongs to nobody passes by. RTU has no
 * transaction, so an answer cannot be told from a late one to the same unit: the link lets a unit rest after a silence.
 */
export class RtuLine extends Duplex {
  private readonly line: Duplex;
  private readonly options: RtuOptions;
  private readonly requests = new MbapReader();
  private asked: Asked | undefined;
  private heard = new Uint8Array(0);
  private lastByteMs = Number.NEGATIVE_INFINITY;
  private timer: Timer | undefined;

  constructor(line: Duplex, options: RtuOptions) {
    super();
    this.line = line;
    this.options = options;
    line.on('data', (chunk: Uint8Array) => this.hear(chunk));
    line.on('error', (error) => this.destroy(error));
    line.on('end', () => this.push(null));
    line.on('close', () => this.destroy());
  }

  override _read(): void {
    // answers are pushed as they come; there is one at a time
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    for (const { transaction, unit, pdu } of this.requests.push(chunk)) {
      this.asked = { transaction, unit, pdu: pdu.slice() };
      this.send(encodeRtu(unit, pdu));
    }
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.timer?.cancel();
    this.line.destroy();
    done(error);
  }

  private send(frame: Uint8Array): void {
    const { clock, quietMs } = this.options;
    const waitMs = this.lastByteMs + quietMs - clock.monotonicMs();
    const write = () => {
      // what was heard before a request cannot be its answer
      this.heard = new Uint8Array(0);
      this.line.write(frame);
    };
    this.timer?.cancel();
    if (waitMs > 0) this.timer = clock.after(waitMs, write);
    else write();
  }

  private hear(chunk: Uint8Array): void {
    this.lastByteMs = this.options.clock.monotonicMs();
    const bytes = Buffer.concat([this.heard, chunk]);
    const fits = (unit: number, pdu: Uint8Array) =>
      this.asked?.unit === unit && judgeReply(pdu, this.asked.pdu) !== 'mismatch';
    let taken = 0;
    for (let from = 0; from + minFrameBytes < bytes.length; from++) {
      const length = frameAt(bytes.subarray(from), fits);
      if (length === 0) continue;
      taken = from + length;
      this.answer(bytes.subarray(from + 1, taken - crcBytes));
      from = taken - 1;
    }
    // a frame may have begun in the last bytes
    this.heard = bytes.slice(Math.max(taken, bytes.length - maxFrameBytes + 1));
  }

  private answer(pdu: Uint8Array): void {
    const { asked } = this;
    this.asked = undefined;
    if (asked) this.push(encodeMbap(asked.transaction, asked.unit, pdu));
  }
}
