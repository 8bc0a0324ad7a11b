import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Two joined pseudo-terminals by socat, which stand for the ends of a serial line while `use` runs. They know no speed and
 * no parity. Rejects when there is no socat.
 */
export async function withPtyPair<Result>(use: (near: string, far: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-pty-'));
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const socat = spawn('socat', ['-d', '-d', ...[near, far].map((link) => `pty,raw,echo=0,link=${link}`)]);
  const ended = once(socat, 'exit');
  try {
    await new Promise<void>((joined, failed) => {
      ended.then(() => failed(new Error('socat ended before its lines were joined')), failed);
      socat.stderr.on('data', (text) => String(text).includes('starting data transfer loop') && joined());
    });
    return await use(near, far);
  } finally {
    if (socat.kill()) await ended;
    await rm(folder, { recursive: true });
  }
}
