import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { processorS, residentMb } from '../process-figures.ts';

const stopWithinMs = 5_000;
const maxKeptLines = 200;
/**
 * A small young generation and a heap that prefers small to fast: short-lived objects are swept more often. Measured on the
 * city with 20 PLCs: 350 MB resident without, 233 with the first, 192 with both; on its gateway 241 and 220.
 */
const runtimeFlags = ['--max-semi-space-size=1', '--optimize-for-size'];

/** A part of the demo in an operating-system process of its own. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resident memory now in MB; 0 where the system does not tell. */
  residentMb(): number;
  /** Processor time that it has used, in s; 0 where the system does not tell. */
  processorS(): number;
  /** The newest lines it wrote on stderr. */
  readonly errors: readonly string[];
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and SIGKILL for what is still there after 5 s. */
  stop(): Promise<void>;
}

/** What to do with its output, a line at a time. */
export interface ChildOutput {
  readonly onLine?: (line: string) => void;
  readonly onErrorLine?: (line: string) => void;
}

/**
 * Starts a script on this very runtime. The child leads a process group of its own, so that Ctrl-C reaches only the
 * demo, which stops its parts in order; an IPC channel tells the child when the demo itself is gone.
 */
export function startChild(name: string, script: string, args: readonly string[], output: ChildOutput): Child {
  const child: ChildProcess = spawn(process.execPath, [...runtimeFlags, script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const errors: string[] = [];
  let ended = false;
  if (child.stdout) createInterface(child.stdout).on('line', (line) => output.onLine?.(line));
  if (child.stderr) {
    createInterface(child.stderr).on('line', (line) => {
      errors.push(line);
      if (errors.length > maxKeptLines) errors.shift();
      output.onErrorLine?.(line);
    });
  }
  const exited = new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(null));
    child.on('close', (code) => {
      ended = true;
      resolve(code);
    });
  });
  return {
    name,
    pid: child.pid ?? 0,
    errors,
    exited,
    residentMb: () => Math.round(told(residentMb, child.pid)),
    processorS: () => told(processorS, child.pid),
    async stop() {
      if (ended) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** A figure of a process; 0 where the system does not tell. */
function told(figure: (pid: number) => number, pid: number | undefined): number {
  try {
    return (pid && figure(pid)) || 0;
  } catch {
    return 0;
  }
}
