import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

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
    residentMb: () => residentMb(child.pid),
    processorS: () => processorS(child.pid),
    async stop() {
      if (ended) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** VmRSS of /proc, whose kB are 1,024 bytes, in MB of a million bytes. */
function residentMb(pid: number | undefined): number {
  try {
    const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kb ? Math.round((Number(kb) * 1024) / 1e6) : 0;
  } catch {
    return 0;
  }
}

/** Clock ticks of Linux in a second, as /proc counts them (proc(5): `sysconf(_SC_CLK_TCK)`, 100 wherever Node runs). */
const ticksPerS = 100;

/** Fields 14 and 15 of /proc/PID/stat, in user mode and in the kernel. The name before them may hold anything. */
function processorS(pid: number | undefined): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
  } catch {
    return 0;
  }
}
