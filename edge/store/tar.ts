import { storeErrors } from './errors.ts';

/**
 * Regular files in the POSIX ustar format (IEEE Std 1003.1, pax, "ustar Interchange Format"): everything else that
 * tar can hold — links, devices, folders, extended headers — is neither written nor accepted.
 */
const blockBytes = 512;
const field = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
  prefix: [345, 155],
} as const;
/** Eleven octal digits; beyond it the size is written in binary, as GNU and BSD tar do. */
const mostOctal = 0o77777777777;

/** A file in an archive. */
export interface TarMember {
  /** Path with "/" between its parts. */
  readonly name: string;
  readonly size: number;
  /** Exactly `size` bytes; of a member that was read, to be taken before the next one is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The bytes of an archive. Rejects with LL-STORE-ARCHIVE when a name is too long or a content has another size. */
export async function* tar(members: AsyncIterable<TarMember>, timeMs: number): AsyncGenerator<Uint8Array> {
  for await (const { name, size, content } of members) {
    yield headOf(name, size, timeMs);
    let written = 0;
    for await (const part of content) {
      written += part.length;
      yield part;
    }
    if (written !== size) throw storeErrors.create('ARCHIVE', `write ${name}: ${written} bytes instead of ${size}`);
    yield new Uint8Array(paddingOf(size));
  }
  yield new Uint8Array(2 * blockBytes);
}

/** The members of an archive, one after another. Rejects with LL-STORE-ARCHIVE on anything that `tar` does not write. */
export async function* untar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarMember> {
  const source = new Source(bytes);
  for (;;) {
    const head = await source.exactly(blockBytes);
    if (head.every((byte) => byte === 0)) return;
    const { name, size } = readHead(head);
    yield { name, size, content: source.content(size) };
    if (source.left > 0) throw storeErrors.create('ARCHIVE', `read ${name}: ${source.left} bytes were not taken`);
    const padding = await source.exactly(paddingOf(size));
    if (padding.some((byte) => byte !== 0))
      throw storeErrors.create('ARCHIVE', `read ${name}: more follows than it has`);
  }
}

const paddingOf = (size: number): number => (blockBytes - (size % blockBytes)) % blockBytes;

function headOf(name: string, size: number, timeMs: number): Buffer {
  const head = Buffer.alloc(blockBytes);
  const put = ([at, length]: readonly [number, number], text: string) => head.write(text, at, length, 'utf8');
  const [prefix, rest] = splitName(name);
  put(field.name, rest);
  put(field.prefix, prefix);
  put(field.mode, '0000600\0');
  if (size > mostOctal) {
    head[field.size[0]] = 0x80;
    head.writeBigUInt64BE(BigInt(size), field.size[0] + 4);
  } else put(field.size, `${size.toString(8).padStart(11, '0')}\0`);
  put(
    field.time,
    `${Math.max(0, Math.floor(timeMs / 1000))
      .toString(8)
      .padStart(11, '0')}\0`,
  );
  put(field.type, '0');
  put(field.magic, 'ustar\x0000');
  put(field.checksum, `${checksumOf(head).toString(8).padStart(6, '0')}\0 `);
  return head;
}

/** A long name has its folders, as far as need be, in a field of their own. */
function splitName(name: string): readonly [prefix: string, rest: string] {
  const fits = (text: string, [, length]: readonly [number, number]) => Buffer.byteLength(text) <= length;
  if (fits(name, field.name)) return ['', name];
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (fits(prefix, field.prefix) && fits(rest, field.name)) return [prefix, rest];
  }
  throw storeErrors.create('ARCHIVE', `write ${name}: the name is too long`);
}

/** Sum of all bytes, with its own field taken as blanks. */
function checksumOf(head: Uint8Array): number {
  const [from, length] = field.checksum;
  return head.reduce((sum, byte, at) => sum + (at >= from && at < from + length ? 0x20 : byte), 0);
}

/** Whatever would not be written so is refused: other kinds of members, other dialects, damage. */
function readHead(head: Buffer): { readonly name: string; readonly size: number } {
  const text = ([at, length]: readonly [number, number]) =>
    head.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  const [prefix, rest] = [text(field.prefix), text(field.name)];
  const name = prefix === '' ? rest : `${prefix}/${rest}`;
  const binary = head[field.size[0]] === 0x80;
  const size = binary ? Number(head.readBigUInt64BE(field.size[0] + 4)) : Number.parseInt(text(field.size), 8);
  const timeMs = Number.parseInt(text(field.time), 8) * 1000;
  if (!(Number.isSafeInteger(size) && size >= 0 && headOf(name, size, timeMs).equals(head))) {
    throw storeErrors.create('ARCHIVE', 'read a header: it is damaged, or not that of a regular file');
  }
  return { name, size };
}

/** Bytes as they come, given out in the pieces that are asked for; nothing is gathered beyond one block. */
class Source {
  /** Bytes of the content given out last that nobody has taken. */
  left = 0;
  private rest: Uint8Array = new Uint8Array(0);
  private readonly bytes: AsyncIterator<Uint8Array>;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.bytes = bytes[Symbol.asyncIterator]();
  }

  /** At most a block. */
  async exactly(count: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let missing = count; missing > 0; ) {
      const part = await this.take(missing);
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  content(size: number): AsyncGenerator<Uint8Array> {
    this.left = size;
    return this.untilTaken();
  }

  private async *untilTaken(): AsyncGenerator<Uint8Array> {
    while (this.left > 0) {
      const part = await this.take(this.left);
      this.left -= part.length;
      yield part;
    }
  }

  private async take(most: number): Promise<Uint8Array> {
    while (this.rest.length === 0) {
      const { value, done } = await this.bytes.next();
      if (done) throw storeErrors.create('ARCHIVE', 'read the archive: it ends too early');
      this.rest = value;
    }
    const part = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(part.length);
    return part;
  }
}
