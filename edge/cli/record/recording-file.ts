import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedFile } from '../../../drivers/replay/recording-format.ts';

/** A file of lines that grows while it is recorded; made with its first line. */
export class RecordingFile {
  lines = 0;
  private bytes = 0;
  /** Path inside the folder. */
  readonly file: string;
  private readonly folder: string;
  private readonly hash = createHash('sha256');
  private waiting: string[] = [];
  private handle: FileHandle | undefined;

  constructor(folder: string, file: string) {
    this.folder = folder;
    this.file = file;
  }

  /** Keeps a line for the next flush; how many bytes it takes. */
  write(line: string): number {
    const bytes = Buffer.byteLength(line) + 1;
    this.waiting.push(line, '\n');
    this.lines++;
    this.bytes += bytes;
    return bytes;
  }

  /** Hands everything to the system: a killed process loses only what came since. Rejects when the disk refuses. */
  async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    const piece = Buffer.from(this.waiting.join(''));
    this.waiting = [];
    this.handle ??= await open(join(this.folder, this.file), 'a');
    await this.handle.appendFile(piece);
    this.hash.update(piece);
  }

  /** Ends it; what the manifest says of it. */
  async close(): Promise<RecordedFile> {
    await this.flush();
    await this.handle?.close();
    this.handle = undefined;
    return { file: this.file, bytes: this.bytes, sha256: this.hash.copy().digest('hex'), lines: this.lines };
  }
}
