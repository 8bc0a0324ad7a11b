import { Duplex } from 'node:stream';

/** One end of a line in memory: what is written here can be read at the other end, in the same turn of the event loop. */
class LineEnd extends Duplex {
  private other: LineEnd | undefined;

  join(other: LineEnd): void {
    this.other = other;
  }

  /** Hands bytes over as they are to one who listens: a stream's own way there costs more than all that is done with them. */
  override write(chunk: Uint8Array): boolean {
    const { other } = this;
    if (this.destroyed || this.writableEnded || !other || other.destroyed) return super.write(chunk);
    if (other.readableFlowing && other.readableLength === 0) other.emit('data', chunk);
    else other.push(chunk);
    return true;
  }

  override _read(): void {}

  override _write(_chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    done();
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { other } = this;
    process.nextTick(() => other?.destroy());
    done(error);
  }
}

/** Address under which whoever comes by a line in memory is known (of a private network, RFC 1918). */
export const memoryClient = '10.0.0.2';

/** Both ends of a line without length: bytes arrive whole, in order and at once, and either end can break it. */
export function memoryLine(): readonly [Duplex, Duplex] {
  const [here, there] = [new LineEnd(), new LineEnd()];
  here.join(there);
  there.join(here);
  return [here, there];
}
