import { both } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';

/** One Modbus TCP frame: MBAP header (Modbus Messaging on TCP/IP 1.0b, 3.1.3) and the PDU it carries. */
export interface MbapFrame {
  /** 0–65535, chosen by the client and echoed by the server. */
  readonly transaction: number;
  readonly unit: number;
  /** Function code and data, 1–253 bytes; may share memory with the chunk it came in. */
  readonly pdu: Uint8Array;
}

/** Bytes before the PDU: transaction, protocol, length (2 each), unit (1). */
const headerBytes = 7;
/** Bytes that the length field does not count. */
const prefixBytes = 6;
/** Largest length field: unit and a PDU of 253 bytes. */
const maxLength = 254;
const maxFrameBytes = prefixBytes + maxLength;

/**
 * Cuts a byte stream into frames, however it is fragmented. A header that cannot be one is a coded error
 * (`LL-MODBUS-FRAMING`): after it the place in the stream is lost, and the reader with its connection must be dropped.
 * Holds at most one incomplete frame (260 bytes); a lying length allocates nothing.
 */
export class MbapReader {
  private readonly rest = new Uint8Array(maxFrameBytes);
  private restBytes = 0;

  /** Takes the next bytes; gives the frames that they complete, in order. */
  push(chunk: Uint8Array): MbapFrame[] {
    const frames: MbapFrame[] = [];
    let offset = this.restBytes > 0 ? this.completeRest(chunk, frames) : 0;
    while (chunk.length - offset >= prefixBytes) {
      const end = offset + frameBytes(chunk, offset);
      if (end > chunk.length) break;
      frames.push(frameAt(chunk, offset, end));
      offset = end;
    }
    if (offset < chunk.length) {
      this.rest.set(chunk.subarray(offset), this.restBytes);
      this.restBytes += chunk.length - offset;
    }
    return frames;
  }

  /** Fills the frame begun by earlier chunks; returns how many bytes of this one it took. */
  private completeRest(chunk: Uint8Array, frames: MbapFrame[]): number {
    let taken = 0;
    const fill = (toBytes: number) => {
      const count = Math.min(toBytes - this.restBytes, chunk.length - taken);
      this.rest.set(chunk.subarray(taken, taken + count), this.restBytes);
      this.restBytes += count;
      taken += count;
      return this.restBytes === toBytes;
    };
    if (this.restBytes < prefixBytes && !fill(prefixBytes)) return taken;
    const size = frameBytes(this.rest, 0);
    if (!fill(size)) return taken;
    frames.push(frameAt(this.rest.slice(0, size), 0, size));
    this.restBytes = 0;
    return taken;
  }
}

const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

/** Size of the frame whose prefix stands at `at`; throws when protocol id or length cannot be right. */
function frameBytes(bytes: Uint8Array, at: number): number {
  const protocol = uint16(bytes, at + 2);
  if (protocol !== 0)
    throw modbusErrors.create(
      'FRAMING',
      both(
        `Modbus TCP frame with protocol id ${protocol} instead of 0`,
        `Modbus TCP 帧的协议标识为 ${protocol}，应为 0`,
      ),
    );
  const length = uint16(bytes, at + 4);
  if (length < 2 || length > maxLength) {
    throw modbusErrors.create(
      'FRAMING',
      both(
        `Modbus TCP frame with length ${length}, outside 2–${maxLength}`,
        `Modbus TCP 帧长度 ${length} 不在 2–${maxLength} 内`,
      ),
    );
  }
  return prefixBytes + length;
}

/** So short a PDU is cheaper to copy than to share: V8 keeps arrays up to this size in its heap until they are shared. */
const heldBytes = 64;

function frameAt(bytes: Uint8Array, at: number, end: number): MbapFrame {
  const start = at + headerBytes;
  return {
    transaction: uint16(bytes, at),
    unit: bytes[at + prefixBytes] as number,
    pdu: end - start <= heldBytes ? bytes.slice(start, end) : bytes.subarray(start, end),
  };
}

/** A whole frame, ready for the socket. */
export function encodeMbap(transaction: number, unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + pdu.length);
  const length = pdu.length + 1;
  frame[0] = transaction >>> 8;
  frame[1] = transaction;
  frame[4] = length >>> 8;
  frame[5] = length;
  frame[6] = unit;
  frame.set(pdu, headerBytes);
  return frame;
}

/** Bytes of a whole frame that carries a PDU of this length. */
export const mbapBytes = (pduBytes: number): number => headerBytes + pduBytes;

/** Unit and PDU of a whole frame; shares its memory. */
export const mbapContent = (frame: Uint8Array): Pick<MbapFrame, 'unit' | 'pdu'> => ({
  unit: frame[prefixBytes] as number,
  pdu: frame.subarray(headerBytes),
});
