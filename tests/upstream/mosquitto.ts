import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { findServer, freePort } from './server-binary.ts';

const binary = findServer('mosquitto');

export interface Mosquitto {
  readonly port: number;
  /** Reads its access list again. */
  reload(): void;
  /** The same port with other lines, as after somebody has mended it. */
  restart(lines?: string): Promise<void>;
  stop(): Promise<void>;
  /** Stands still, with its connections open, or goes on. */
  hold(still: boolean): void;
  /** By SIGKILL: what it held in memory is gone. */
  kill(): Promise<void>;
}

/** The distribution's broker on a free port of 127.0.0.1, as who runs the tests; `lines` are added to its configuration. */
export async function startMosquitto(lines = 'allow_anonymous true'): Promise<Mosquitto> {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'lifeline-mosquitto-'))];
  const config = join(folder, 'mosquitto.conf');
  const start = async (more: string) => {
    await writeFile(config, `listener ${port} 127.0.0.1\nuser root\npersistence false\nlog_dest stderr\n${more}\n`);
    const child = spawn(binary!, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const text of child.stderr!.setEncoding('utf8').iterator({ destroyOnReturn: false }))
      if (/running/.test(text)) break;
    child.stderr!.resume();
    return child;
  };
  let child = await start(lines);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const stop = () => end('SIGTERM');
  return {
    ...{ port, stop, kill: () => end('SIGKILL') },
    hold: (still) => child.kill(still ? 'SIGSTOP' : 'SIGCONT'),
    reload: () => child.kill('SIGHUP'),
    async restart(more = lines) {
      await stop();
      child = await start(more);
    },
  };
}

/** Tests that need Mosquitto: they must run in continuous integration, and are left out elsewhere where it is missing. */
export function describeWithMosquitto(name: string, tests: () => void): void {
  if (binary) describe(name, tests);
  else if (process.env['CI']) {
    it('needs Mosquitto in continuous integration: apt-get install mosquitto', () => {
      throw new Error('no mosquitto binary found');
    });
  } else it.skip('skipped: no mosquitto binary here; apt-get install mosquitto runs it', () => undefined);
}
