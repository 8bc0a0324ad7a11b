import { expect, it } from 'vitest';
import { LifelineError } from '../../edge/core/errors.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../edge/store/database.ts';
import { batchOf, eventOf, newFolder, open, tagTable } from '../store/fixture.ts';

const startMs = Date.UTC(2026, 0, 1);

/** Counts the calls to SQLite over all files and lets one of them fail, as SQLite tells EIO, ENOSPC, EROFS and EMFILE. */
class FailingDisk {
  calls = 0;
  private readonly failing: number;
  private readonly code: string;

  constructor(failing: number, code: string) {
    this.failing = failing;
    this.code = code;
  }

  readonly open: OpenDatabase = async (path) => {
    await this.call();
    const database = await openDatabase(path);
    const wrapped: Database = {
      exec: async (sql) => {
        await this.call();
        await database.exec(sql);
      },
      run: async (sql, ...values) => {
        await this.call();
        return database.run(sql, ...values);
      },
      all: async (sql, ...values) => {
        await this.call();
        return database.all(sql, ...values);
      },
      close: () => database.close(),
    };
    return wrapped;
  };

  private async call(): Promise<void> {
    this.calls++;
    if (this.calls === this.failing) throw Object.assign(new Error(`${this.code}: let fail`), { code: this.code });
  }
}

/** A short life of a store; resolves with what it acknowledged, and what it said of its telemetry. */
async function live(dir: string, disk: FailingDisk) {
  const clock = new VirtualClock(startMs);
  const acknowledged: number[] = [];
  const coded = (error: unknown) => {
    expect(error).toBeInstanceOf(LifelineError);
  };
  const store = await open(dir, { clock, openDatabase: disk.open }).catch(coded);
  if (!store) return { acknowledged, given: 0, dropped: 0 };
  let given = 0;
  for (let turn = 0; turn < 4; turn++) {
    await store.journal
      .append([eventOf(turn * 2), eventOf(turn * 2 + 1)])
      .then((events) => acknowledged.push(...events.map(({ data }) => data['number'] as number)), coded);
    await store.cursors
      .get('city')
      .then(() => store.cursors.set('city', turn), coded)
      .catch(coded);
    await store.snapshots.save('part', new Map([['a', String(turn)]])).catch(coded);
    await store.journal.read(0, 10).catch(coded);
    for (let second = 0; second < 30; second++) {
      store.history.append(batchOf([0, 1], startMs + (turn * 30 + second) * 1000, () => turn));
      given += 2;
    }
    await clock.advance(30_000);
    await store.history.query('d/t0', 0, 1, 2).catch(() => undefined);
  }
  await store.close();
  return { acknowledged, given, dropped: store.figures().droppedSamples };
}

it.each(['SQLITE_IOERR', 'SQLITE_FULL', 'SQLITE_READONLY', 'SQLITE_CANTOPEN'])(
  'R4: whichever call to the disk fails with %s, nothing crashes, nothing acknowledged is lost, and no sample goes uncounted',
  async (code) => {
    const whole = new FailingDisk(0, code);
    await live(await newFolder(), whole);
    expect(whole.calls).toBeGreaterThan(50);
    for (let failing = 1; failing <= whole.calls; failing++) {
      const dir = await newFolder();
      const { acknowledged, given, dropped } = await live(dir, new FailingDisk(failing, code));
      const store = await open(dir, { clock: new VirtualClock(startMs), tags: tagTable(4) });
      const found = (await store.journal.read(0, 1_000)).map(({ data }) => data['number']);
      expect(found, `call ${failing}`).toEqual(expect.arrayContaining(acknowledged));
      const kept = await Promise.all(
        ['d/t0', 'd/t1'].map(async (tag) => (await store.history.query(tag, 0, startMs + 1e6, 1e6)).times.length),
      );
      const lost = given - kept.reduce((sum, count) => sum + count, 0);
      const lastFlush = failing > whole.calls - 12; // the last write of all may fail: what it held is the stated risk
      if (!lastFlush) expect(lost, `call ${failing}`).toBeLessThanOrEqual(dropped);
      await store.close();
    }
  },
);
