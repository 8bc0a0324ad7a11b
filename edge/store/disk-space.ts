import { statfs } from 'node:fs/promises';
import { type Clock, every } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

/** Space is looked at so often. */
const lookMs = 2_000;
/** What was low is so only until there is this much more than the limit, so that it does not come and go. */
const enough = 1.1;

/** Bytes that this user may still write to the disk of a folder. */
export async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** The disk under the data folder and what is to stay free of it. */
export interface DiskOptions {
  freeBytes(): Promise<number>;
  readonly keepFreeBytes: number;
}

/** How much room the disk has. */
export interface DiskState {
  /** Infinity until it was first looked at. */
  readonly freeBytes: number;
  readonly keepFreeBytes: number;
  /** Whether less is free than is to stay so. */
  readonly low: boolean;
}

/** Looks at the free space every two seconds. A disk that does not tell counts as it was. */
export class DiskSpace {
  private freeBytes = Number.POSITIVE_INFINITY;
  private low = false;
  private silent = false;
  private stopTimer: (() => void) | undefined;
  private readonly options: DiskOptions;
  private readonly log: Log;

  constructor(options: DiskOptions, log: Log) {
    this.options = options;
    this.log = log;
  }

  start(clock: Clock): void {
    this.stopTimer = every(clock, lookMs, () => void this.look());
  }

  stop(): void {
    this.stopTimer?.();
  }

  state(): DiskState {
    return { freeBytes: this.freeBytes, keepFreeBytes: this.options.keepFreeBytes, low: this.low };
  }

  /**
   * Bytes by which files on the disk have to shrink for what is to stay free; negative while they may grow. What lacked
   * room is looked at afresh, so that nothing is deleted for a disk that somebody has freed since.
   */
  async missingBytes(): Promise<number> {
    if (this.freeBytes < this.options.keepFreeBytes) await this.look();
    return this.options.keepFreeBytes - this.freeBytes;
  }

  private async look(): Promise<void> {
    try {
      this.freeBytes = await this.options.freeBytes();
      this.low = this.freeBytes < this.options.keepFreeBytes * (this.low ? enough : 1);
      this.silent = false;
    } catch (error) {
      if (!this.silent) this.log.warn({ subject: 'disk' }, `look at the free space: ${describeError(error)}`);
      this.silent = true;
    }
  }
}
