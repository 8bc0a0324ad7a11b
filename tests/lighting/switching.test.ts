import { expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { uncoupled } from '../../simulator/city/couplings.ts';
import { localTime } from '../../simulator/city/local-time.ts';
import type { Plant, Weather } from '../../simulator/city/plant.ts';
import { luxAt, sunAltitudeAt } from '../../simulator/city/sky.ts';
import { createPlant } from '../../simulator/lighting/plant.ts';

const minuteMs = 60_000;
const sky = (timeMs: number, cloud: number): Weather => ({
  outdoorC: 5,
  relativeHumidity: 0.6,
  windMS: 2,
  rainMmH: 0,
  snowMmH: 0,
  snowCoverMm: 0,
  solarWM2: 0,
  sunAltitude: sunAltitudeAt(timeMs),
  lux: luxAt(sunAltitudeAt(timeMs), cloud),
});

const reading = (plant: Plant, asset: string, role: string) => {
  const point = plant.plcs.flatMap((plc) => plc.points).find((one) => one.asset === asset && one.role === role);
  if (!point) throw new RangeError(`no ${role} of ${asset}`);
  return point;
};

/** Steps a new plant from `start` for `hours` under a sky; gives the moments at which the circuit's command changed. */
async function switchings(
  start: string,
  hours: number,
  dtS: number,
  asset: string,
  weather: (timeMs: number) => Weather = (timeMs) => sky(timeMs, 0),
): Promise<{ readonly on: readonly number[]; readonly off: readonly number[] }> {
  const plant = await createPlant({ random: seededRandom(1, 'plant'), couplings: uncoupled });
  const command = reading(plant, asset, 'command');
  const on: number[] = [];
  const off: number[] = [];
  let before: number | undefined;
  for (let timeMs = Date.parse(start), end = timeMs + hours * 60 * minuteMs; timeMs <= end; timeMs += dtS * 1000) {
    plant.step({ timeMs, dtS, ...localTime(timeMs), weather: weather(timeMs) });
    const now = command.read();
    if (before !== undefined && now !== before) (now === 1 ? on : off).push(timeMs);
    before = now;
  }
  return { on, off };
}

// Sunset and the next sunrise at Harbin (domain reference 1.5).
const nights = [
  ['the longest', '2026-12-21T12:00:00+08:00', '2026-12-21T15:51:00+08:00', '2026-12-22T07:11:00+08:00'],
  ['the shortest', '2026-06-21T12:00:00+08:00', '2026-06-21T19:26:00+08:00', '2026-06-22T03:43:00+08:00'],
] as const;

it.each(nights)(
  '%s night lights the roads 20–24 minutes after sunset until as long before sunrise',
  async (...night) => {
    const [, start, sunset, sunrise] = night;
    const { on, off } = await switchings(start, 20, 10, 'circuit-1');
    expect([on.length, off.length]).toEqual([1, 1]);
    const afterMin = ((on[0] as number) - Date.parse(sunset)) / minuteMs;
    const beforeMin = (Date.parse(sunrise) - (off[0] as number)) / minuteMs;
    for (const minutes of [afterMin, beforeMin]) {
      expect(minutes).toBeGreaterThan(20);
      expect(minutes).toBeLessThan(24.5);
    }
  },
);

it('shifts each circuit by its own offset, within half a minute on the longest night', async () => {
  const start = '2026-12-21T12:00:00+08:00';
  const [plain, later, earlier] = await Promise.all(
    ['circuit-1', 'circuit-4', 'circuit-5'].map((asset) => switchings(start, 20, 10, asset)),
  );
  const shift = (other: typeof plain) => ({
    onMin: ((other?.on[0] as number) - (plain?.on[0] as number)) / minuteMs,
    offMin: ((other?.off[0] as number) - (plain?.off[0] as number)) / minuteMs,
  });
  expect(Math.abs(shift(later).onMin - 2)).toBeLessThan(0.5);
  expect(Math.abs(shift(later).offMin + 2)).toBeLessThan(0.5);
  expect(Math.abs(shift(earlier).onMin + 2)).toBeLessThan(0.5);
  expect(Math.abs(shift(earlier).offMin - 2)).toBeLessThan(0.5);
});

it('switches at the same moment in steps of 1 s, 60 s and 300 s, to the step', async () => {
  const fine = await switchings('2026-12-21T12:00:00+08:00', 20, 1, 'circuit-2');
  for (const dtS of [60, 300]) {
    const coarse = await switchings('2026-12-21T12:00:00+08:00', 20, dtS, 'circuit-2');
    for (const edge of ['on', 'off'] as const) {
      const lateS = ((coarse[edge][0] as number) - (fine[edge][0] as number)) / 1000;
      expect(lateS, `${edge}, steps of ${dtS} s`).toBeGreaterThan(-15);
      expect(lateS, `${edge}, steps of ${dtS} s`).toBeLessThanOrEqual(dtS);
    }
  }
});

it('comes on for a dark storm at noon and goes off when it has passed, but not for a cloud of a minute', async () => {
  const noon = Date.parse('2026-07-15T12:00:00+08:00');
  const storm = (fromMin: number, forMin: number) => (timeMs: number) => {
    const dark = timeMs >= noon + fromMin * minuteMs && timeMs < noon + (fromMin + forMin) * minuteMs;
    return { ...sky(timeMs, 1), ...(dark ? { lux: 12 } : {}) };
  };
  const long = await switchings('2026-07-15T11:50:00+08:00', 2, 5, 'circuit-1', storm(10, 40));
  expect([long.on.length, long.off.length]).toEqual([1, 1]);
  const [onMin, offMin] = [long.on[0], long.off[0]].map((timeMs) => ((timeMs as number) - noon) / minuteMs - 10);
  expect(onMin).toBeGreaterThanOrEqual(1);
  expect(onMin).toBeLessThanOrEqual(6);
  expect(offMin).toBeGreaterThanOrEqual(40);
  expect(offMin).toBeLessThanOrEqual(46);
  expect((await switchings('2026-07-15T11:50:00+08:00', 2, 5, 'circuit-1', storm(10, 0.9))).on).toEqual([]);
});

it('comes on earlier and goes off later under an overcast sky, once each', async () => {
  const start = '2026-12-21T12:00:00+08:00';
  const clear = await switchings(start, 20, 10, 'circuit-1');
  const overcast = await switchings(start, 20, 10, 'circuit-1', (timeMs) => sky(timeMs, 1));
  expect([overcast.on.length, overcast.off.length]).toEqual([1, 1]);
  expect(overcast.on[0]).toBeLessThan(clear.on[0] as number);
  expect(overcast.off[0]).toBeGreaterThan(clear.off[0] as number);
});
