import { crc32, inflateRawSync } from 'node:zlib';
import { pointErrors } from './errors.ts';
import { tableLimits } from './table-cells.ts';
import { tableTexts } from './table-texts.ts';

/** ZIP records by APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 } as const;
const sizes = { local: 30, central: 46, end: 22, comment: 0xffff } as const;
const methods = { stored: 0, deflated: 8 } as const;
const encryptedFlag = 1;
const utf8Flag = 0x800;

/** Files inside a workbook by path. */
export type Archive = ReadonlyMap<string, Buffer>;

const damaged = (what: string, cause?: unknown) => pointErrors.create('FORMAT', tableTexts.damaged(what), cause);

/** Whether these bytes begin as ZIP archives do, and so as .xlsx files do. */
export const isArchive = (bytes: Buffer): boolean => bytes.length > 4 && bytes.readUInt32LE(0) === signatures.local;

/**
 * Unpacks the XML parts of a workbook. What the archive says of its own sizes is not believed: inflating stops when
 * `unpackedBytes` of all parts together are reached. Throws `LL-POINTS-FORMAT` or `LL-POINTS-LIMIT`.
 */
export function unpack(bytes: Buffer, unpackedBytes: number = tableLimits.unpackedBytes): Archive {
  const parts = new Map<string, Buffer>();
  let room = unpackedBytes;
  for (const entry of directory(bytes)) {
    if (!/\.(xml|rels)$/.test(entry.path)) continue;
    if (parts.has(entry.path)) throw damaged(`${entry.path} stands twice`);
    const part = inflate(bytes, entry, room, unpackedBytes);
    if (crc32(part) !== entry.crc) throw damaged(`${entry.path} has another checksum`);
    room -= part.length;
    parts.set(entry.path, part);
  }
  return parts;
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly offset: number;
}

/** Entries of the central directory, which alone says what the archive holds. */
function directory(bytes: Buffer): Entry[] {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + sizes.end > bytes.length || bytes.length - end > sizes.end + sizes.comment)
    throw damaged('its directory is missing');
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + sizes.central > end || bytes.readUInt32LE(at) !== signatures.central) throw damaged('its directory');
    if (bytes.readUInt16LE(at + 8) & encryptedFlag) throw pointErrors.create('FORMAT', tableTexts.encrypted);
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const nameEnd = at + sizes.central + (name ?? 0);
    entries.push({
      path: bytes.toString('utf8', at + sizes.central, nameEnd),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packedBytes: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at = nameEnd + (extra ?? 0) + (comment ?? 0);
  }
  return entries;
}

function inflate(bytes: Buffer, { path, method, packedBytes, offset }: Entry, room: number, limit: number): Buffer {
  if (offset + sizes.local > bytes.length || bytes.readUInt32LE(offset) !== signatures.local) throw damaged(path);
  const start = offset + sizes.local + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  if (start + packedBytes > bytes.length) throw damaged(`${path} ends early`);
  const packed = bytes.subarray(start, start + packedBytes);
  const tooLarge = () => pointErrors.create('LIMIT', tableTexts.unpacksTo(limit, path));
  if (method === methods.stored) {
    if (packed.length > room) throw tooLarge();
    return packed;
  }
  if (method !== methods.deflated) throw damaged(`${path} is packed by method ${method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, room) });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge();
    throw damaged(path, cause);
  }
}

/** An archive of the same parts without compression, with true sizes, for a reader that believes what it is told. */
export function repack(parts: Archive): Buffer {
  const bodies: Buffer[] = [];
  const listing: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of parts) {
    const name = Buffer.from(path, 'utf8');
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version needed to extract: 2.0
    fields.writeUInt16LE(utf8Flag, 2);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(content.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    bodies.push(signed(signatures.local), fields, name, content);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    listing.push(signed(signatures.central), Buffer.from([20, 0]), fields, rest, name);
    offset += sizes.local + name.length + content.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(parts.size, 4);
  end.writeUInt16LE(parts.size, 6);
  end.writeUInt32LE(
    listing.reduce((sum, part) => sum + part.length, 0),
    8,
  );
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, ...listing, signed(signatures.end), end]);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature);
  return bytes;
}
