import { describe, expect, it } from 'vitest';
import { alarmTableCells } from '../../edge/config/alarm-table.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import type { Priority } from '../../edge/core/alarm.ts';

const { packs } = await loadPacks('models');
const kinds = [...packs.values()].flatMap(({ pack, assets }) =>
  Object.entries(assets).map(([kind, { alarms, limits }]) => ({ pack, kind, alarms, limits })),
);
const subjects = new Map(
  kinds.map(({ pack, kind, alarms, limits }) => {
    const id = `${pack}.${kind}`;
    return [id, { id, name: id, type: id, utility: pack, grid: '', location: undefined, alarms, limits }];
  }),
);
const urgency: readonly Priority[] = ['critical', 'high', 'medium', 'low'];

describe('the master alarm table of the shipped packs', () => {
  const [head = [], ...rows] = alarmTableCells({ subjects, anywhere: {} }, 'en');
  const column = (name: string) => head.indexOf(name);

  it('says of every alarm why it comes, what follows, what to do, in which time and how urgent it is', () => {
    const wanted = ['cause', 'consequence', 'response'].flatMap((text) => [`${text}-zh`, `${text}-en`]);
    const needed = [...wanted, 'respondWithinMin', 'priority', 'riskLevel'].map(column);
    expect(needed).not.toContain(-1);
    expect(rows.length).toBeGreaterThan(200);
    const gaps = rows.flatMap((row) =>
      needed
        .filter((at) => `${row[at] ?? ''}`.trim() === '')
        .map((at) => `${row[0]}/${row[column('kind')]} ${head[at]}`),
    );
    expect(gaps).toEqual([]);
  });

  it('never tells two alarms of one kind of asset by the same consequence, priority and message', () => {
    const told = rows.map((row) => [row[0], row[column('consequence-en')], row[column('message-en')]].join(' | '));
    expect(new Set(told).size).toBe(told.length);
  });
});

describe('suppression in the shipped packs', () => {
  const suppressed = kinds.flatMap(({ pack, kind, alarms }) =>
    Object.entries(alarms).flatMap(([name, alarm]) =>
      (alarm.suppressedBy ?? []).map((by) => ({ of: `${pack}.${kind}/${name}`, name, alarm, by, alarms })),
    ),
  );

  it('is by what is at least as urgent, of no alarm of safety, and never mutual', () => {
    expect(suppressed.length).toBeGreaterThan(20);
    for (const { of, name, alarm, by, alarms } of suppressed) {
      const parent = alarms[by];
      expect([of, alarm.safety]).toEqual([of, false]);
      expect(urgency.indexOf(parent?.priority ?? 'low'), of).toBeLessThanOrEqual(urgency.indexOf(alarm.priority));
      expect(parent?.suppressedBy ?? [], of).not.toContain(name);
    }
  });

  it('is there in every pack of a utility, and so is an alarm that latches in each that protects people', () => {
    const of = (pack: string) =>
      kinds.filter((one) => one.pack === pack).flatMap(({ alarms }) => Object.values(alarms));
    for (const pack of ['water', 'heating', 'gas', 'gallery', 'lighting', 'drainage', 'power', 'fire-water', 'bridge'])
      expect([pack, of(pack).some(({ suppressedBy }) => suppressedBy)]).toEqual([pack, true]);
    for (const pack of ['heating', 'gas', 'gallery', 'lighting', 'drainage', 'power', 'plc', 'bridge'])
      expect([pack, of(pack).some(({ latching }) => latching)]).toEqual([pack, true]);
  });
});
