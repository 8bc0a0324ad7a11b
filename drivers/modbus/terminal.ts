import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { both, type Text } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';

/**
 * A terminal (DTU) that devices are behind. It dials in, hangs up and dials in again as it pleases; the latest connection
 * counts, since an earlier one that still stands is half-open.
 */
export class Terminal {
  private socket: Socket | undefined;
  private line: TerminalLine | undefined;
  private readonly awaited = new Set<() => void>();

  get connected(): boolean {
    return this.socket !== undefined;
  }

  /** The terminal has a new connection. */
  dialledIn(socket: Socket): void {
    this.hangUp(both('the terminal dialled in anew', '终端重新接入'));
    this.socket = socket;
    socket.once('close', () => {
      if (this.socket === socket) this.hangUp(both('the terminal hung up', '终端断开'));
    });
    // what comes while nobody listens (heartbeats) is read and forgotten
    socket.resume();
    for (const go of [...this.awaited]) go();
  }

  /** Resolves when the terminal is connected, or early when the signal aborts. */
  arrival(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.awaited.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      if (this.connected || signal.aborted) return resolve();
      this.awaited.add(go);
      signal.addEventListener('abort', go, { once: true });
    });
  }

  /**
   * The bytes of the terminal, undefined while it is away. The stream ends with the connection; destroying the stream
   * leaves the connection to whoever takes it next, so that a silent device does not make its terminal dial in again.
   */
  take(): Duplex | undefined {
    if (!this.socket) return undefined;
    this.line?.destroy();
    this.line = new TerminalLine(this.socket);
    return this.line;
  }

  hangUp(why: Text): void {
    this.socket?.destroy();
    this.socket = undefined;
    this.line?.destroy(modbusErrors.create('TERMINAL', why));
    this.line = undefined;
  }
}

/** A connection lent out. */
class TerminalLine extends Duplex {
  private readonly socket: Socket;

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    socket.on('data', this.hear);
  }

  override _read(): void {
    // bytes are pushed as they come; what listens takes them at once
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.socket.write(chunk);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.off('data', this.hear);
    this.socket.resume();
    done(error);
  }

  private readonly hear = (chunk: Uint8Array): void => {
    this.push(chunk);
  };
}
