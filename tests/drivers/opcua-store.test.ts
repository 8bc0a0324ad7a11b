import { mkdir, mkdtemp, readdir, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { certificateFolder, openStore } from '../../drivers/opcua/certificates.ts';
import { loadStack } from '../../drivers/opcua/stack.ts';
import { realClock } from '../../edge/core/clock.ts';

it('opens a store that a process left locked as it was killed, and waits for one that somebody may still write to', async () => {
  const stack = await loadStack();
  const clock = realClock();
  const openedAfterMs = async (lockedForMs: number) => {
    const stateDir = await mkdtemp(join(tmpdir(), 'lifeline-opcua-store-'));
    const lock = join(certificateFolder(stateDir), 'mutex.lock');
    await mkdir(lock, { recursive: true });
    const since = new Date(Date.now() - lockedForMs);
    await utimes(lock, since, since);
    const beganMs = performance.now();
    await openStore(stack, stateDir, clock);
    expect(await readdir(join(certificateFolder(stateDir), 'own', 'certs'))).toContain('client_certificate.pem');
    return performance.now() - beganMs;
  };
  expect(await openedAfterMs(8_000)).toBeGreaterThan(1_500);
  expect(await openedAfterMs(30_000)).toBeLessThan(60_000);
}, 60_000);
