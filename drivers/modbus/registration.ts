import type { Text } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import { modbusTexts } from './texts.ts';

/** What stands for the terminal's id in a registration packet. */
export const idPlaceholder = '{id}';

/** Where a registration was found in the first bytes of a connection. */
export interface FoundRegistration {
  /** How many bytes it has; of several that fit, the longest is meant. */
  readonly bytes: number;
  /** Whether nothing that may still come can make another registration of it. */
  readonly certain: boolean;
}

/** How a terminal (DTU) that has dialled in says who it is. */
export interface Registration {
  readonly id: string;
  /** Looks for it among everything that a connection has sent so far. */
  find(heard: Buffer): FoundRegistration | undefined;
}

export interface RegistrationSettings {
  /** Terminal id; `0x…` for bytes. */
  readonly id: string;
  /** The packet with `{id}` in it: text, `0x…` for bytes, or `/pattern/` whose first group is the id. */
  readonly registration: string;
  /** What the terminal sends now and then to keep its connection: text, or `0x…` for bytes. */
  readonly heartbeat: string | undefined;
}

/**
 * The registration of a terminal. Throws `LL-MODBUS-OPTIONS` for a packet without an id, a pattern that is none, and bytes
 * that are not pairs of hexadecimal digits.
 */
export function registrationOf({ id, registration, heartbeat }: RegistrationSettings): Registration {
  const beat = heartbeat === undefined ? Buffer.alloc(0) : bytesOf(heartbeat);
  const pattern = /^\/(.+)\/$/s.exec(registration)?.[1];
  if (pattern !== undefined) return patternOf(id, pattern);
  const [before, after, more] = registration.replace(/^0x/, '').split(idPlaceholder);
  if (before === undefined || after === undefined || more !== undefined) {
    throw refuse(modbusTexts.noId(registration, idPlaceholder));
  }
  const binary = registration.startsWith('0x');
  const [head, tail] = [before, after].map((part) => bytesOf(binary ? `0x${part}` : part)) as [Buffer, Buffer];
  const packet = Buffer.concat([head, bytesOf(id), tail]);
  const closed = binary || id.startsWith('0x') ? () => false : (byte: number | undefined) => !isLetterOrDigit(byte);
  return { id, find: (heard) => findPacket(heard, packet, beat, closed) };
}

/**
 * A packet counts where it stands alone: a terminal "123456" is not "123", nor is "REG123". Heartbeats, the packet once
 * more, and in texts everything that is no letter or digit may stand beside it.
 */
function findPacket(
  heard: Buffer,
  packet: Buffer,
  beat: Buffer,
  closed: (byte: number | undefined) => boolean,
): FoundRegistration | undefined {
  const neighbours = [beat, packet].filter(({ length }) => length > 0);
  for (let from = heard.indexOf(packet); from >= 0; from = heard.indexOf(packet, from + 1)) {
    const before = heard.subarray(0, from);
    const alone =
      from === 0 ||
      closed(packet[0]) ||
      closed(before.at(-1)) ||
      neighbours.some((neighbour) => before.subarray(-neighbour.length).equals(neighbour));
    const after = heard.subarray(from + packet.length);
    const begun = (neighbour: Buffer) => neighbour.subarray(0, after.length).equals(after);
    const ended =
      after.length > 0 &&
      (closed(after[0]) || neighbours.some((neighbour) => after.subarray(0, neighbour.length).equals(neighbour)));
    if (!alone || !(ended || closed(packet.at(-1)) || neighbours.some(begun) || after.length === 0)) continue;
    return { bytes: packet.length, certain: ended || closed(packet.at(-1)) };
  }
  return undefined;
}

function patternOf(id: string, source: string): Registration {
  let pattern: RegExp;
  try {
    pattern = new RegExp(source, 'g');
  } catch (cause) {
    throw refuse(modbusTexts.noPattern(source, cause instanceof Error ? cause.message : String(cause)), cause);
  }
  if (!/\((?!\?[:=!<])|\(\?<(?![=!])/.test(source)) throw refuse(modbusTexts.noGroup(source));
  const expected = bytesOf(id).toString('latin1');
  return {
    id,
    find(heard) {
      for (const match of heard.toString('latin1').matchAll(pattern)) {
        if (match[1] === expected) return { bytes: match[0].length, certain: false };
      }
      return undefined;
    },
  };
}

/** The bytes of a text, or those that `0x…` spells. */
function bytesOf(text: string): Buffer {
  if (!text.startsWith('0x')) return Buffer.from(text);
  const digits = text.slice(2).replaceAll(' ', '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw refuse(modbusTexts.noHex(text));
  return Buffer.from(digits, 'hex');
}

const isLetterOrDigit = (byte: number | undefined): boolean =>
  byte !== undefined && /[A-Za-z0-9]/.test(String.fromCharCode(byte));

const refuse = (why: Text, cause?: unknown) => modbusErrors.create('OPTIONS', why, cause);

/** What a terminal sent, the way it would be written in a configuration: text where it can be read, else `0x…`. */
export function describeSent(bytes: Buffer, most = 48): string {
  const shown = bytes.subarray(0, most);
  const more = bytes.length > most ? '…' : '';
  const text = shown.toString('latin1');
  return /^[\x20-\x7e\r\n\t]*$/.test(text) ? `${JSON.stringify(text)}${more}` : `0x${shown.toString('hex')}${more}`;
}
