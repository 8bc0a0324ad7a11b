import { copyFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { Quality } from '../../edge/core/quality.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { batchOf, eventOf, newFolder, open, tagTable } from '../store/fixture.ts';
import { faultSeed, seed } from './seed.ts';

const pageBytes = 4096;
const startMs = Date.UTC(2026, 0, 1);
const events = 300;
const seconds = 3_600;
const sampleOf = (tag: number, timeMs: number) => Math.sin(timeMs / 1e5 + tag);

interface Folder {
  readonly dir: string;
  readonly written: ReadonlyMap<string, Event>;
}

const identity = ({ stream, epoch, sequence }: Event) => `${stream}/${epoch}/${sequence}`;

async function filled(): Promise<Folder> {
  const dir = await newFolder();
  const store = await open(dir, { clock: new VirtualClock(startMs) });
  const written = await store.journal.append(
    Array.from({ length: events }, (_, index) => eventOf(index + 1, 'x'.repeat(300))),
  );
  for (let second = 0; second < seconds; second++) {
    const timeMs = startMs + second * 1000;
    store.history.append(batchOf([0, 1, 2, 3], timeMs, (tag) => sampleOf(tag, timeMs)));
  }
  await store.close();
  return { dir, written: new Map(written.map((event) => [identity(event), event])) };
}

/** Opens a folder with damage in it: whatever comes back is true, and what does not come back is told. */
async function holds(dir: string, written: Folder['written'], what: string): Promise<void> {
  const store = await open(dir, { clock: new VirtualClock(startMs), tags: tagTable(4) });
  const found = await store.journal.read(0, 1_000_000);
  for (const event of found) expect(event, what).toEqual(written.get(identity(event)));
  let samples = 0;
  for (let tag = 0; tag < 4; tag++) {
    const { times, values, quality } = await store.history.query(
      `d/t${tag}`,
      startMs,
      startMs + seconds * 1000,
      1_000_000,
    );
    times.forEach((time, row) => {
      if (quality[row] === Quality.notConnected) return; // the mark of a gap
      expect(values[row], what).toBe(sampleOf(tag, time));
      samples++;
    });
  }
  const told = store.notices.length + store.figures().damagedRecords + store.figures().damagedChunks;
  if (found.length < events || samples < 4 * seconds) expect(told, what).toBeGreaterThan(0);
  const [next] = await store.journal.append([eventOf(1_000)]);
  expect(written.has(identity(next as Event)), what).toBe(false);
  store.history.append(batchOf([0], startMs + 7_200_000, () => 1));
  await store.close();
}

it.each(['journal.db', 'history.db'])('R3: %s with one bit flipped anywhere gives only what is true', async (name) => {
  const { dir: source, written } = await filled();
  const image = await readFile(join(source, name));
  const random = faultSeed(`flips ${name}`);
  for (let round = 0; round < 100; round++) {
    const dir = await newFolder();
    await cp(source, dir, { recursive: true });
    const [at, bit] = [random.integer(0, image.length - 1), random.integer(0, 7)];
    await writeFile(join(dir, name), image.with(at, (image[at] as number) ^ (1 << bit)));
    await holds(dir, written, `SEED=${seed} bit ${bit} of byte ${at}`);
  }
});

it.each(['journal.db', 'history.db'])('R3: %s cut off at any page, or within one, opens', async (name) => {
  const { dir: source, written } = await filled();
  const image = await readFile(join(source, name));
  for (let page = 0; page < image.length / pageBytes; page++) {
    for (const length of [page * pageBytes, page * pageBytes + 1_000]) {
      const dir = await newFolder();
      await cp(source, dir, { recursive: true });
      await writeFile(join(dir, name), image.subarray(0, length));
      await holds(dir, length === 0 ? new Map() : written, `cut at ${length}`).catch((error: unknown) => {
        if (length > 0) throw error; // an empty file is a new one: nothing can tell that it had content
      });
    }
  }
});

it.each(['journal.db', 'history.db'])(
  "R3: %s with two pages in each other's place gives only what is true",
  async (name) => {
    const { dir: source, written } = await filled();
    const image = await readFile(join(source, name));
    const pages = Math.floor(image.length / pageBytes);
    const random = faultSeed(`swaps ${name}`);
    for (let round = 0; round < 60; round++) {
      const dir = await newFolder();
      await cp(source, dir, { recursive: true });
      const [a, b] = [random.integer(0, pages - 1), random.integer(0, pages - 1)];
      const swapped = Buffer.from(image);
      image.copy(swapped, a * pageBytes, b * pageBytes, (b + 1) * pageBytes);
      image.copy(swapped, b * pageBytes, a * pageBytes, (a + 1) * pageBytes);
      await writeFile(join(dir, name), swapped);
      await holds(dir, written, `SEED=${seed} pages ${a} and ${b}`);
    }
  },
);

it("R3: a journal put back from an older copy, or replaced by another gateway's, never gives an identity a second content", async () => {
  const { dir, written } = await filled();
  const copy = await newFolder();
  await copyFile(join(dir, 'journal.db'), join(copy, 'journal.db'));
  const seen = new Map(written);
  for (let round = 0; round < 10; round++) {
    const store = await open(dir);
    for (const event of await store.journal.append([eventOf(round), eventOf(round)])) {
      expect(seen.has(identity(event))).toBe(false);
      seen.set(identity(event), event);
    }
    await store.close();
    await copyFile(join(copy, 'journal.db'), join(dir, 'journal.db'));
  }
  expect((await readdir(dir)).filter((file) => file.includes('broken'))).toEqual([]);
});
