import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMoment, onDuty, type Roster, type WeeklyShift, weekdays } from '../../../edge/upstream/people/roster.ts';
import { reviewWeek } from '../../../edge/upstream/people/roster-review.ts';

const timezone = 'Asia/Shanghai';
const working = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const roster: Roster = {
  timezone,
  weekly: [
    { days: working, from: '08:00', to: '20:00', people: ['wang', 'li'] },
    { days: weekdays, from: '20:00', to: '08:00', people: ['zhao'] },
  ],
  holidays: [{ dates: ['2026-10-01'], from: '08:00', to: '20:00', people: ['sun'] }],
  overrides: [{ from: '2026-12-01T10:00', to: '2026-12-01T12:00', people: ['qian', 'li'] }],
};
/** On the wall in Shanghai, 8 hours ahead. */
const at = (moment: string) => onDuty(roster, Date.parse(`${moment}:00+08:00`));

describe('who is on duty', () => {
  it('follows the week, over midnight and to the minute', () => {
    expect(at('2026-12-02T08:00')).toEqual(['wang', 'li']); // a Wednesday
    expect(at('2026-12-02T19:59')).toEqual(['wang', 'li']);
    expect(at('2026-12-02T20:00')).toEqual(['zhao']);
    expect(at('2026-12-03T07:59')).toEqual(['zhao']);
    expect(at('2026-12-05T12:00')).toEqual([]); // a Saturday
    expect(at('2026-12-06T07:00')).toEqual(['zhao']);
  });

  it('has a holiday in the place of the week, with the night before still running', () => {
    expect(at('2026-10-01T07:00')).toEqual(['zhao']);
    expect(at('2026-10-01T09:00')).toEqual(['sun']);
    expect(at('2026-10-01T21:00')).toEqual([]);
    expect(at('2026-10-02T07:00')).toEqual([]);
    expect(at('2026-10-02T08:00')).toEqual(['wang', 'li']);
  });

  it('lets an override go before everything', () => {
    expect(at('2026-12-01T09:59')).toEqual(['wang', 'li']);
    expect(at('2026-12-01T10:00')).toEqual(['qian', 'li']);
    expect(at('2026-12-01T12:00')).toEqual(['wang', 'li']);
  });

  it('goes by the clock on the wall through daylight saving', () => {
    const berlin: Roster = { ...roster, timezone: 'Europe/Berlin', holidays: [], overrides: [] };
    // 2026-03-29 02:00 CET becomes 03:00 CEST; the Sunday night shift of zhao ends on Monday at 08:00 CEST = 06:00 UTC
    expect(onDuty(berlin, Date.parse('2026-03-30T05:59:00Z'))).toEqual(['zhao']);
    expect(onDuty(berlin, Date.parse('2026-03-30T06:00:00Z'))).toEqual(['wang', 'li']);
    expect(localMoment('Europe/Berlin', Date.parse('2026-03-29T00:59:00Z'))).toBe('2026-03-29T01:59');
    expect(localMoment('Europe/Berlin', Date.parse('2026-03-29T01:00:00Z'))).toBe('2026-03-29T03:00');
  });
});

const time = fc.integer({ min: 0, max: 1_439 }).map((minute) => {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
});
const shift: fc.Arbitrary<WeeklyShift> = fc.record({
  days: fc.subarray([...weekdays], { minLength: 1 }),
  from: time,
  to: time,
  people: fc.constant(['wang']),
});

describe('the review of a week', () => {
  it('names gaps and overlaps', () => {
    expect(reviewWeek(roster.weekly)).toEqual([
      { kind: 'gap', from: 'sat 08:00', to: 'sat 20:00' },
      { kind: 'gap', from: 'sun 08:00', to: 'sun 20:00' },
    ]);
    const double: WeeklyShift = { days: ['mon'], from: '07:00', to: '09:00', people: ['li'] };
    expect(reviewWeek([...roster.weekly, double])[0]).toEqual({ kind: 'overlap', from: 'mon 07:00', to: 'mon 09:00' });
    expect(reviewWeek([{ days: weekdays, from: '08:00', to: '08:00', people: ['li'] }])).toEqual([]);
    expect(reviewWeek([])).toEqual([]);
  });

  it('finds a gap exactly where nobody is on duty', () => {
    fc.assert(
      fc.property(
        fc.array(shift, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 10_079 }),
        (weekly, minute) => {
          // 2026-11-30 is a Monday
          const moment = localMoment('UTC', Date.UTC(2026, 10, 30) + minute * 60_000);
          const nobody =
            onDuty({ timezone: 'UTC', weekly, holidays: [], overrides: [] }, Date.parse(`${moment}Z`)).length === 0;
          const order = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
          const minuteOf = (text: string, end = false) => {
            const [day = '', clock = ''] = text.split(' ');
            const made = order.indexOf(day) * 1_440 + Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
            return end && made === 0 ? 10_080 : made;
          };
          const inGap = reviewWeek(weekly).some(
            ({ kind, from, to }) => kind === 'gap' && minuteOf(from) <= minute && minute < minuteOf(to, true),
          );
          expect(inGap).toBe(nobody);
        },
      ),
      { numRuns: 500 },
    );
  });
});
