import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MaintenanceBook } from '../../edge/alarms/maintenance.ts';
import { readPast } from '../../edge/cli/past/source.ts';
import type { PastWish } from '../../edge/cli/past/wish.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { type LoadedGateway, loadGateway } from '../../edge/config/load.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { openStore } from '../../edge/store/store.ts';
import { site } from './site.ts';

const startMs = Date.UTC(2026, 0, 5);
const minuteMs = 60_000;
const minutes = 180;
const names = ['flow', 'suction', 'discharge', 'power'];
const at = (minute: number) => startMs + minute * minuteMs;

describe("the gateway's own history, as it is learned from", () => {
  let gateway: LoadedGateway;
  let wish: PastWish;

  // a tag on the station from 60 to 90 min, one on its tank from 120 on that nobody has taken off
  beforeAll(async () => {
    const { folder, config } = await site();
    const data = join(folder, 'data');
    const tags = new TagTable(
      names.map((point) => ({ ...vacantTag, name: `ps/${point}`, device: 'ps', point, periodMs: minuteMs })),
    );
    const clock = new VirtualClock(startMs);
    const store = await openStore({ dir: data, tags, clock, random: seededRandom(1), log: silentLog });
    const book = new MaintenanceBook();
    const wanted = { by: '张工', reason: '换泵' };
    const events: (NewEvent | undefined)[] = [
      book.hang({ ...wanted, subject: 'ps-1', since: at(60), until: at(300) }, 'water'),
      book.takeOff('ps-1', 'water', '张工', at(90)),
      book.hang({ ...wanted, subject: 'tank-1', since: at(120), until: at(300) }, 'water'),
    ];
    await store.journal.append(events.filter((event) => event !== undefined));
    for (let minute = 0; minute < minutes; minute++) {
      const batch = createBatch('ps', names.length, clock.wallMs());
      for (const tag of names.keys()) {
        batch.tags[tag] = tag;
        batch.values[tag] = 100 * tag + minute;
        batch.times[tag] = clock.wallMs();
      }
      store.history.append(batch);
      await clock.advance(minuteMs);
    }
    await store.close();
    gateway = (await loadGateway(config, loadContext)).gateway as LoadedGateway;
    wish = { config, from: 'history', data, seed: 1 };
  });

  /** Minutes of whose samples the grid has none, by tag, and the minutes of the samples as they were polled. */
  async function read(own: Partial<PastWish>) {
    const polled = new Map<string, number[]>();
    const { grid, notes } = await readPast(
      { ...gateway },
      { ...wish, ...own },
      () => undefined,
      (tag, times) => {
        const { name } = gateway.tags.at(tag);
        polled.set(name, [...(polled.get(name) ?? []), ...Array.from(times, (time) => (time - startMs) / minuteMs)]);
      },
    );
    const missing = (name: string) =>
      Array.from({ length: grid.steps }, (_, step) => step)
        .filter((step) => Number.isNaN(grid.columns[grid.names.indexOf(name)]?.[step]))
        .map((step) => (grid.timeMs(step) - startMs) / minuteMs - 1);
    return { notes, missing, polled };
  }

  it('is read without times of maintenance, of the asset alone, and of a tag that still hangs up to now', async () => {
    const { notes, missing, polled } = await read({});
    expect(notes).toEqual(['2 periods of maintenance excluded']);
    const station = Array.from({ length: 30 }, (_, minute) => 60 + minute);
    expect(missing('ps/flow')).toEqual(station);
    expect(missing('ps/suction')).toEqual(expect.arrayContaining([...station, 120, 150, minutes - 1]));
    expect(missing('ps/suction')).not.toContain(119);
    expect(polled.get('ps/flow')?.filter((minute) => minute >= 60 && minute < 90)).toEqual([]);
    expect(polled.get('ps/flow')).toHaveLength(minutes - 30);
    expect(polled.get('ps/suction')).toHaveLength(90);
  });

  it('is read whole where maintenance is to be learned from, too', async () => {
    const { notes, missing } = await read({
      includeMaintenance: true,
      maintained: [{ subject: 'ps', from: at(0), to: at(9) }],
    });
    expect(notes).toEqual([]);
    expect(missing('ps/flow')).toEqual([]);
  });

  it('counts a period once that the console has told as well, and takes further ones', async () => {
    const { notes } = await read({
      maintained: [
        { subject: 'ps-1', from: at(60), to: at(90) },
        { subject: 'ps', from: at(1), to: at(5) },
      ],
    });
    expect(notes).toEqual(['3 periods of maintenance excluded']);
  });
});
