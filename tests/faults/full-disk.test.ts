import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../edge/store/database.ts';
import { heldDatabases } from '../../simulator/exam/held.ts';
import { batchOf, newFolder, open, tagTable } from '../store/fixture.ts';

/** A way to a mount of one's own that this user may take. */
function unshare(): readonly string[] {
  const ways = [
    ['unshare', '-m'],
    ['unshare', '-Urm'],
    ['sudo', '-n', 'unshare', '-m'],
  ];
  const found = ways.find(([command = '', ...args]) => {
    try {
      execFileSync(command, [...args, 'true'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('this user may mount nothing, not even in a name space of its own');
  return found;
}

interface Course {
  readonly full: {
    readonly refused: string;
    readonly lowAfterMs: number;
    readonly lostAfterMs: number;
    readonly acknowledged: boolean;
    readonly journaled: number;
    readonly waiting: number;
    /** Samples that came, as a share of those due. */
    readonly pollShare: number;
    readonly standing: readonly string[];
  };
  readonly healthyAfterMs: number;
  readonly answer: string;
  readonly polled: number;
  readonly kept: number;
  readonly droppedSamples: number;
  readonly notices: number;
  readonly whole: boolean;
  readonly journal: readonly string[];
}

it('R5: a gateway whose disk is full polls, serves its console and raises alarms, and is healthy 10 s after there is space', async () => {
  const [command = '', ...args] = unshare();
  const script = join(import.meta.dirname, 'fixtures/full-disk.ts');
  const { stdout } = await promisify(execFile)(command, [...args, process.execPath, script, await newFolder()]);
  const course: Course = JSON.parse(stdout);
  process.stdout.write(`${JSON.stringify({ ...course.full, healthyAfterMs: course.healthyAfterMs })}\n`);
  expect(course.full).toMatchObject({
    ...{ refused: 'ENOSPC', acknowledged: false, journaled: 0 },
    standing: ['gw/disk-low', 'gw/journal-refuses', 'there/lost'],
  });
  expect(course.full.waiting).toBeGreaterThanOrEqual(3);
  expect(course.full.pollShare).toBeGreaterThan(0.8);
  expect(course.healthyAfterMs).toBeLessThanOrEqual(10_000);
  expect(course.answer).toBe('done');
  expect(course).toMatchObject({ whole: true, notices: 0 });
  expect(course.journal).toEqual(
    expect.arrayContaining([
      ...['disk-low', 'journal-refuses'].flatMap((kind) => [`alarm.raised gw/${kind}`, `alarm.cleared gw/${kind}`]),
      ...['alarm.raised there/lost', 'alarm.acknowledged there/lost', 'alarm.cleared there/lost'],
    ]),
  );
  expect(course.polled - course.kept).toBe(course.droppedSamples);
});

/** SQLite on the disk, which says that it is full while `isFull`: no file may have a page more than it has then. */
class FullDisk {
  private readonly opened: Database[] = [];
  /** What it says that it has left, in bytes. */
  left = 1e9;

  readonly open: OpenDatabase = async (path) => {
    const database = await openDatabase(path);
    this.opened.push(database);
    return database;
  };

  async fill(): Promise<void> {
    this.left = 0;
    for (const database of this.opened) {
      const [row] = await database.all<{ page_count: number }>('PRAGMA page_count');
      await database.exec(`PRAGMA max_page_count = ${row?.page_count ?? 1}`);
    }
  }

  async free(): Promise<void> {
    this.left = 1e9;
    for (const database of this.opened) await database.exec('PRAGMA max_page_count = 1073741823');
  }
}

it('R5: of telemetry that a full disk does not take, the oldest goes first once memory has its fill, and each sample is counted', async () => {
  const startMs = Date.UTC(2026, 0, 1);
  const clock = new VirtualClock(startMs);
  const disk = new FullDisk();
  const periodMs = 1_800_000; // a chunk for each sample
  const tags = tagTable(10_000, { periodMs });
  const all = tags.definitions.map((_, tag) => tag);
  const dir = await newFolder();
  const openHeld = heldDatabases(clock, disk.open);
  const store = await open(dir, { clock, tags, openDatabase: openHeld });
  let given = 0;
  const polls = async (count: number) => {
    for (let poll = 0; poll < count; poll++) {
      store.history.append(batchOf(all, clock.wallMs(), () => poll));
      given += all.length;
      await clock.advance(periodMs);
    }
  };
  await polls(2);
  await disk.fill();
  const fullFromMs = clock.wallMs();
  await polls(6);
  const { droppedSamples, historyBehind } = store.figures();
  expect(droppedSamples).toBeGreaterThan(1_000);
  expect(historyBehind).toBe(droppedSamples);
  await disk.free();
  await polls(1);
  await store.close();
  expect(store.figures()).toMatchObject({ droppedSamples, historyBehind: 0 });
  const again = await open(dir, { clock, tags, openDatabase: openHeld });
  let kept = 0;
  for (const { name } of tags.definitions) {
    const { times } = await again.history.query(name, startMs, clock.wallMs(), 1_000);
    kept += times.length;
    const gaps = [...times].filter((time, row) => row > 0 && time - (times[row - 1] as number) > periodMs);
    expect(gaps.length, name).toBeLessThanOrEqual(1);
    expect(times[0], name).toBe(startMs);
    // the last sample before the disk was full waits in memory for the next one, which closes its chunk: it is the oldest there
    for (const time of gaps) expect(time, name).toBeGreaterThanOrEqual(fullFromMs);
  }
  expect(given - kept).toBe(droppedSamples);
  await again.close();
});

it('R5: nothing is deleted for a disk that somebody has freed since it was last looked at', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const disk = new FullDisk();
  const periodMs = 1_800_000; // a chunk for each sample
  const tags = tagTable(10_000, { periodMs });
  const dir = await newFolder();
  const openHeld = heldDatabases(clock, disk.open);
  const freeBytes = () => clock.waitFor(Promise.resolve(disk.left));
  const store = await open(dir, { clock, tags, openDatabase: openHeld, disk: { freeBytes, keepFreeBytes: 1e6 } });
  const polls = 3;
  for (let poll = 0; poll < polls; poll++) {
    store.history.append(batchOf([...tags.definitions.keys()], clock.wallMs(), () => poll));
    await clock.advance(periodMs);
  }
  await disk.fill();
  await clock.advance(4_000); // looks, and does not write
  expect(store.disk()?.low).toBe(true);
  await disk.free();
  await store.close();
  expect(store.figures().droppedSamples).toBe(0);
  const again = await open(dir, { clock, tags, openDatabase: openHeld });
  for (const { name } of tags.definitions) {
    const { times } = await again.history.query(name, 0, clock.wallMs(), 1_000);
    expect(times.length, name).toBe(polls);
  }
  await again.close();
});
