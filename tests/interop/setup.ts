import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the compiled libmodbus-peer.c. */
    libmodbusPeer: string;
  }
}

/** The interpreter that the distribution's pymodbus is installed for. */
export const python = '/usr/bin/python3';

const packages = 'mbpoll tshark python3-pymodbus python3-serial-asyncio libmodbus-dev pkg-config gcc libc6-dev socat';

/** What must be there for the peers, each with a call that fails when it is not. */
const needed: readonly (readonly [string, ...string[]])[] = [
  ['mbpoll', '-V'],
  ['tshark', '--version'],
  ['socat', '-V'],
  ['pkg-config', '--exists', 'libmodbus'],
  ['cc', '--version'],
  [python, '-c', 'import pymodbus, serial_asyncio'],
];

/** Compiles the peer in C. Nothing is skipped where a peer is missing: the run fails and says what to install. */
export default function setup(project: TestProject): () => void {
  for (const [command, ...args] of needed) {
    try {
      execFileSync(command, args, { stdio: 'pipe' });
    } catch (cause) {
      throw new Error(`interop: ${command} ${args.join(' ')} failed; apt-get install ${packages}`, { cause });
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'lifeline-interop-'));
  const program = join(folder, 'libmodbus-peer');
  const source = fileURLToPath(new URL('./libmodbus-peer.c', import.meta.url));
  const flags = execFileSync('pkg-config', ['--cflags', '--libs', 'libmodbus'], { encoding: 'utf8' });
  execFileSync('cc', [
    '-Wall',
    '-Wextra',
    '-Werror',
    '-O1',
    '-o',
    program,
    source,
    ...flags.split(/\s+/).filter(Boolean),
  ]);
  project.provide('libmodbusPeer', program);
  return () => rmSync(folder, { recursive: true, force: true });
}
