import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program of a benchmark that answers line by line. */
export interface Talking {
  /** What it says next; rejects when it ends before. */
  nextLine(): Promise<string>;
  say(line: string): void;
}

/**
 * Runs a program while `use` talks to it, and ends it. Its standard input ends with this process too, by which it can tell
 * that a benchmark was killed.
 */
export async function withProcess<Result>(
  command: string,
  args: readonly string[],
  use: (process: Talking) => Promise<Result>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Result> {
  const env = { ...process.env, ...environment };
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const nextLine = async () => {
    const [line] = await Promise.race([
      once(lines, 'line'),
      ended.then(() => Promise.reject(new Error(`bench: ${command} ended before it answered`))),
    ]);
    return String(line);
  };
  try {
    return await use({ nextLine, say: (line) => child.stdin.write(`${line}\n`) });
  } finally {
    child.kill();
    await ended;
  }
}

/** Ends this process with the benchmark that started it; holds up no end of its own. */
export function endWithParent(): void {
  process.stdin.resume().on('end', () => process.exit());
  process.stdin.unref();
}
