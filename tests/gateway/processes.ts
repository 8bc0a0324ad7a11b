import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(import.meta.dirname, '../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line (of either stream) that matches. */
  line(pattern: RegExp): Promise<string>;
  /** Asks it to stop and waits; how long it took, in ms. */
  stop(): Promise<Ended & { readonly tookMs: number }>;
}

const all = new Set<ChildProcess>();

/** Starts `lifeline …` as a user would, through the launcher. */
export const lifeline = (...args: string[]): Running => node(join(root, 'bin/lifeline.js'), ...args);

/** Starts Node.js with these arguments. */
export function node(...args: string[]): Running {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  all.add(child);
  const lines: string[] = [];
  const waiting = new Set<{ pattern: RegExp; found: (line: string) => void }>();
  const text = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream]! }).on('line', (line) => {
      text[stream] += `${line}\n`;
      lines.push(line);
      for (const entry of waiting) {
        if (entry.pattern.test(line)) {
          waiting.delete(entry);
          entry.found(line);
        }
      }
    });
  }
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => {
      all.delete(child);
      done({ code, ...text });
    });
  });
  return {
    child,
    ended,
    line: (pattern) =>
      new Promise((found, failed) => {
        const before = lines.find((line) => pattern.test(line));
        if (before !== undefined) return found(before);
        waiting.add({ pattern, found });
        void ended.then(({ code, stderr }) =>
          failed(new Error(`ended with ${code} before ${pattern}: ${stderr.slice(-500)}`)),
        );
      }),
    async stop() {
      const since = performance.now();
      child.kill('SIGTERM');
      return { ...(await ended), tookMs: performance.now() - since };
    },
  };
}

/** Kills what a failed test left behind. */
export function killAll(): void {
  for (const child of all) child.kill('SIGKILL');
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

/** The first of `count` ports in a row that were free a moment ago, in a range of this test file's own. */
export async function freeBasePort(count: number, from: number): Promise<number> {
  for (let base = from; base < from + 2000; base += count) {
    const taken = await Promise.all(Array.from({ length: count }, (_, index) => isTaken(base + index)));
    if (!taken.includes(true)) return base;
  }
  throw new Error(`no ${count} free ports from ${from}`);
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(true));
    server.listen(port, '127.0.0.1', () => server.close(() => done(false)));
  });
}
