import { describe, expect, it } from 'vitest';
import { HeardAlarms } from '../../edge/console/web/src/heard-alarms.ts';
import type { AlarmView } from '../../edge/console/wire.ts';

const nowMs = Date.UTC(2026, 0, 15);
const alarm = (id: string, announcedAt = nowMs - 600_000, safety = false) => ({ id, announcedAt, safety }) as AlarmView;
const list = (alarms: readonly AlarmView[], total = alarms.length, hidden: readonly AlarmView[] = []) => ({
  ...{ alarms, total, hidden },
});

describe('what an alarm list tells anew', () => {
  it('is nothing of the first list, then each alarm once, and again when it is announced again or comes back into view', () => {
    const heard = new HeardAlarms();
    const hear = (...of: Parameters<typeof list>) => heard.hear(list(...of), nowMs).map(({ id }) => id);
    expect(hear([alarm('a')])).toEqual([]);
    expect(hear([alarm('a'), alarm('b')])).toEqual(['b']);
    expect(hear([alarm('a', nowMs), alarm('b')])).toEqual(['a']);
    expect(hear([alarm('b')], 1, [alarm('a', nowMs)])).toEqual([]);
    expect(hear([alarm('a', nowMs), alarm('b')])).toEqual(['a']);
    expect(hear([])).toEqual([]);
  });

  it('is no alarm that comes into a list that was cut because others went, but a recent one and one of safety', () => {
    const heard = new HeardAlarms();
    const hear = (...of: Parameters<typeof list>) => heard.hear(list(...of), nowMs).map(({ id }) => id);
    hear([alarm('a'), alarm('b')], 500);
    expect(hear([alarm('a'), alarm('c')], 499)).toEqual([]);
    expect(hear([alarm('b'), alarm('d', nowMs - 1_000), alarm('e', nowMs - 600_000, true)], 501)).toEqual(['d', 'e']);
    expect(hear([alarm('a'), alarm('b'), alarm('f')], 3)).toEqual([]);
    expect(hear([alarm('a'), alarm('b'), alarm('f'), alarm('g')])).toEqual(['g']);
  });
});
