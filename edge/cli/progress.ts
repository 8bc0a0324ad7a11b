const barWidth = 24;

/** A progress bar on a terminal; silent anywhere else. */
export interface Progress {
  update(done: number, text: string): void;
  /** Clears the line, so that what follows begins on an empty one. */
  clear(): void;
}

/** Draws on `stream` when it is a terminal. */
export function createProgress(total: number, stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { update: () => undefined, clear: () => undefined };
  return {
    update(done, text) {
      const filled = Math.round((Math.min(done, total) / Math.max(1, total)) * barWidth);
      stream.write(`\r\x1b[K[${'#'.repeat(filled)}${' '.repeat(barWidth - filled)}] ${done}/${total} ${text}`);
    },
    clear: () => void stream.write('\r\x1b[K'),
  };
}
