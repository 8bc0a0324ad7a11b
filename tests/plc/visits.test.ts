import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localTime } from '../../simulator/city/local-time.ts';
import { Controllers } from '../../simulator/plc/controller.ts';
import { visitsTo } from '../../simulator/plc/visits.ts';
import { loggersPlc } from '../../simulator/water/telemetry/loggers.ts';

const [minuteMs, dayMs] = [60_000, 86_400_000];
const roundMs = 28 * dayMs;

/** Minutes of a round in which somebody is there. */
function minutesOf(place: string, round: number): readonly number[] {
  const there = visitsTo(place);
  const minutes = Array.from({ length: roundMs / minuteMs }, (_, minute) => round * roundMs + minute * minuteMs);
  return minutes.filter(there);
}

describe('doors of the city', () => {
  it('are opened once in four weeks, for a quarter of an hour to an hour of a working day, whatever the year', () => {
    // 700 to 900: from 2023 to 2039, holidays of moon and sun included.
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), fc.integer({ min: 700, max: 900 }), (place, round) => {
        const minutes = minutesOf(place, round);
        const [first = 0, last = 0] = [minutes[0], minutes.at(-1)];
        expect(minutes).toHaveLength((last - first) / minuteMs + 1);
        expect(minutes.length).toBeGreaterThanOrEqual(15);
        expect(minutes.length).toBeLessThanOrEqual(60);
        expect(localTime(first)).toMatchObject({ workday: true });
        expect(localTime(first).hour).toBeGreaterThanOrEqual(8.5);
        expect(localTime(last).hour).toBeLessThan(16);
      }),
      { numRuns: 60 },
    );
  });

  it('are opened at the same time in every copy of a PLC, and each at a time of its own', () => {
    expect(minutesOf('water-dma-1/door', 740)).toEqual(minutesOf('water-dma-1/door', 740));
    const first = Array.from({ length: 20 }, (_, place) => minutesOf(`plc-${place}/door`, 740)[0]);
    expect(new Set(first).size).toBeGreaterThan(15);
  });

  it('show it at the contact of the PLC that stands behind them', () => {
    const controllers = new Controllers();
    const door = controllers.of('water-dma-1').door({ zh: '箱门', en: 'Door' });
    const [from = 0] = minutesOf('water-dma-1/door', 740);
    const states = [from - minuteMs, from].map((timeMs) => {
      controllers.step({ timeMs });
      return door.read();
    });
    expect(states).toEqual([0, 1]);
  });
});

it('the radio of a logger comes and goes by some decibels a day, about what its place has', () => {
  const controllers = new Controllers();
  const hydraulics = { pressureM: () => 30, consumptionLps: () => 0 };
  const street = { hydraulics, station: { outdoorC: 0 }, controllers };
  const places = Array.from({ length: 27 }, (_, place) => ({ id: `j-${place}`, elevationM: 150, demandLps: 1 }));
  const signals = loggersPlc(street, 'dma-1', places, 1).points.filter(({ name }) => name.endsWith('-signal'));
  const courses = signals.map(() => [] as number[]);
  for (let hour = 0; hour < 24; hour++) {
    controllers.step({ timeMs: Date.UTC(2026, 4, 12, hour) });
    for (const [index, { read }] of signals.entries()) courses[index]?.push(read());
  }
  for (const course of courses) {
    expect(Math.max(...course) - Math.min(...course)).toBeGreaterThan(4);
    expect(Math.max(...course) - Math.min(...course)).toBeLessThan(11);
    expect(Math.min(...course)).toBeGreaterThan(-105);
  }
  expect(new Set(courses.map(([first]) => first)).size).toBe(27);
});
