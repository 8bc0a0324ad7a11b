import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { batchOf, eventOf, newFolder, open, tagTable } from '../store/fixture.ts';
import { faultSeed } from './seed.ts';

/** Layout of SQLite's write-ahead log (sqlite.org/walformat.html). */
const headBytes = 32;
const frameBytes = 24 + 4096;
const startMs = Date.UTC(2026, 0, 1);

interface Recorded {
  readonly database: Buffer;
  readonly log: Buffer;
  /** Length of the log when so many were acknowledged. */
  readonly acknowledged: readonly { readonly count: number; readonly logBytes: number }[];
}

/** Files of a store as a power cut finds them, and what it had promised by which length of the log. */
async function record(
  name: string,
  step: (dir: string) => Promise<{ readonly close: () => Promise<void> } & Steps>,
): Promise<Recorded> {
  const dir = await newFolder();
  const store = await step(dir);
  const acknowledged: { count: number; logBytes: number }[] = [];
  for (let count = 1; count <= store.steps; count++) {
    await store.run(count);
    acknowledged.push({ count, logBytes: (await stat(join(dir, `${name}-wal`))).size });
  }
  const [database, log] = [await readFile(join(dir, name)), await readFile(join(dir, `${name}-wal`))];
  await store.close();
  return { database, log, acknowledged };
}

interface Steps {
  readonly steps: number;
  run(count: number): Promise<unknown>;
}

/** Every edge of a frame, a byte to each side of it, and the middle of each frame; torn ones end in garbage. */
function* cuts({ log }: Recorded): Generator<{ readonly log: Buffer; readonly whole: number }> {
  const random = faultSeed('torn-log');
  for (let edge = headBytes; edge <= log.length; edge += frameBytes) {
    for (const whole of [edge - 1, edge, edge + 1, edge + frameBytes / 2]) {
      if (whole > log.length) continue;
      yield { log: log.subarray(0, whole), whole };
    }
    const torn = Buffer.from(log.subarray(0, Math.min(log.length, edge + frameBytes)));
    for (let at = edge + frameBytes / 2; at < torn.length; at++) torn[at] = random.integer(0, 255);
    yield { log: torn, whole: edge };
  }
}

async function laidOut(name: string, { database }: Recorded, log: Buffer): Promise<string> {
  const dir = await newFolder();
  await writeFile(join(dir, name), database);
  await writeFile(join(dir, `${name}-wal`), log);
  return dir;
}

it('R2: a journal whose log is cut or torn at any frame opens with every event that had been acknowledged by then', async () => {
  const recorded = await record('journal.db', async (dir) => {
    const store = await open(dir);
    return {
      steps: 30,
      run: (count) => store.journal.append([eventOf(count, 'x'.repeat(count * 100))]),
      close: () => store.close(),
    };
  });
  let rounds = 0;
  for (const { log, whole } of cuts(recorded)) {
    const dir = await laidOut('journal.db', recorded, log);
    const store = await open(dir);
    const found = (await store.journal.read(0, 1_000)).map(({ data }) => data['number']);
    const promised = recorded.acknowledged.filter(({ logBytes }) => logBytes <= whole).at(-1)?.count ?? 0;
    expect(found, `cut at ${whole}`).toEqual(Array.from({ length: found.length }, (_, index) => index + 1));
    expect(found.length, `cut at ${whole}`).toBeGreaterThanOrEqual(promised);
    expect(store.notices).toEqual([]);
    const [next] = await store.journal.append([eventOf(99)]);
    expect(next?.sequence).toBe(found.length + 1);
    await store.close();
    rounds++;
  }
  expect(rounds).toBeGreaterThan(100);
});

it('R2: a history whose log is cut or torn at any frame opens with every sample written by then, and none that was not', async () => {
  const clock = new VirtualClock(startMs);
  const recorded = await record('history.db', async (dir) => {
    const store = await open(dir, { clock });
    const run = async (count: number) => {
      for (let second = 0; second < 30; second++) {
        const time = startMs + (count * 30 + second) * 1000;
        store.history.append(batchOf([0, 1, 2, 3], time, (tag) => tag + time / 1000));
      }
      await clock.advance(30_000);
      await store.history.query('d/t0', 0, 0, 2);
    };
    return { steps: 8, run, close: () => store.close() };
  });
  for (const { log, whole } of cuts(recorded)) {
    const dir = await laidOut('history.db', recorded, log);
    const store = await open(dir, { clock: new VirtualClock(startMs + 600_000), tags: tagTable(4) });
    const { times, values, quality } = await store.history.query('d/t2', 0, startMs + 3_600_000, 10_000);
    const samples = [...times.keys()].filter((row) => quality[row] !== Quality.notConnected);
    const promised = recorded.acknowledged.filter(({ logBytes }) => logBytes <= whole).at(-1)?.count ?? 0;
    expect(samples.length, `cut at ${whole}`).toBeGreaterThanOrEqual((promised - 1) * 30);
    for (const row of samples) expect(values[row]).toBe(2 + (times[row] as number) / 1000);
    expect(times.length - samples.length, 'the mark of the gap').toBeLessThanOrEqual(1);
    await store.close();
  }
});
