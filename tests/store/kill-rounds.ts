import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Random } from '../../edge/core/random.ts';
import { newFolder, open } from './fixture.ts';

const script = fileURLToPath(new URL('fixtures/append.ts', import.meta.url));

/** Runs the appending process until it has acknowledged `lines` events, kills it, and returns all it acknowledged. */
async function appendUntilKilled(dir: string, first: number, lines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, dir, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.slice(0, text.lastIndexOf('\n')).split('\n').slice(1);
}

/**
 * Kills a process that writes to a store so many times: every acknowledged event is there afterwards, none twice, and no
 * identity has two contents. Resolves with the number of events acknowledged.
 */
export async function killRounds(rounds: number, random: Random): Promise<number> {
  const dir = await newFolder();
  const acknowledged = new Map<string, string>();
  for (let round = 1; round <= rounds; round++) {
    for (const line of await appendUntilKilled(dir, round * 1_000_000, random.integer(2, 400))) {
      const [id = '', number = ''] = line.split(' ');
      expect(acknowledged.has(id)).toBe(false);
      acknowledged.set(id, number);
    }
    const store = await open(dir);
    expect(store.notices).toEqual([]);
    const events = await store.journal.read(0, 1_000_000);
    const stored = new Map(
      events.map(({ stream, epoch, sequence, data }) => [`${stream}/${epoch}/${sequence}`, String(data['number'])]),
    );
    expect(stored.size).toBe(events.length);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    for (const [id, number] of acknowledged) expect(stored.get(id)).toBe(number);
    expect(await store.cursors.get('city')).toBeLessThanOrEqual(store.journal.last);
    await store.close();
  }
  return acknowledged.size;
}
