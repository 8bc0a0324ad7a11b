import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { causeOfLeap, otherWordOrder } from '../../edge/detection/instrument/diagnosis.ts';
import { Habits } from '../../edge/detection/instrument/habits.ts';
import { bench, calibrationFile } from './plant.ts';

const plain = { scale: 1, offset: 0 };
/** A transmitter with noise of 0.35, which has never moved by more than 3 in a minute. */
const tag = { differenceScale: 0.5, longestRun: 2, thereAndBack: 2, largestStep: 3 };
const roles = ['flow', 'level', 'pressure', 'power', 'speed'];

const watched = () =>
  bench({
    roles,
    required: ['flow'],
    detectors: [{ detector: 'data-quality', kind: 'bad-data', options: {} }],
    parts: {
      calibrationFile: calibrationFile({ tags: Object.fromEntries(roles.map((role) => [`plc/${role}`, tag])) }),
    },
  });
type Plant = ReturnType<typeof watched>;

const usual = (random: Random) => Object.fromEntries(roles.map((role) => [role, 50 + 0.35 * random.normal()]));

/** Seconds of ordinary values, those changed that `change` gives. */
async function run(
  { second }: Plant,
  random: Random,
  seconds: number,
  change: (values: Readonly<Record<string, number>>) => Readonly<Record<string, number>> = () => ({}),
) {
  for (let count = 0; count < seconds; count++) {
    const values = usual(random);
    await second({ ...values, ...change(values) });
  }
}

const kinds = ({ findings }: Plant) => findings.map(({ kind, active }) => `${active ? '+' : '-'}${kind}`);

describe('the habits of an instrument', () => {
  const watch = (values: readonly number[]) => {
    const habits = new Habits([{ ...tag, longestRun: 250 }], [1000]);
    return values.map((value, index) => habits.watch(0, value, index * 1000));
  };

  it('call no step a spike that stays, and no ramp noise', () => {
    expect(watch([50, 50.1, 120, 120.2, 119.9, 60, 60.1]).filter(Boolean)).toEqual([]);
    expect(watch(Array.from({ length: 200 }, (_, index) => index * 5)).filter(Boolean)).toEqual([]);
  });

  it('tell spikes from noise by how often the value turns back', () => {
    const spiky = Array.from({ length: 200 }, (_, index) => 50 + (index % 20 === 7 ? 40 : 0));
    const noisy = Array.from({ length: 200 }, (_, index) => 50 + (index % 2 === 0 ? 8 : -8));
    expect(new Set(watch(spiky).slice(100))).toEqual(new Set(['spikes']));
    expect(new Set(watch(noisy).slice(100))).toEqual(new Set(['noise']));
  });

  it('call no value a spike that the plant takes by itself: a fan that runs for less than the time between two polls', () => {
    const runs = Array.from({ length: 200 }, (_, index) => (index % 20 === 7 ? 10 : 0));
    const habitsOf = (largestStep: number) =>
      new Habits([{ ...tag, differenceScale: 0.01, thereAndBack: 0, largestStep }], [60_000]);
    const watchOver = (habits: Habits) => runs.flatMap((value, index) => habits.watch(0, value, index * 60_000) ?? []);
    expect(watchOver(habitsOf(10.5))).toEqual([]);
    expect(watchOver(habitsOf(1))).toContain('spikes');
  });

  it('call noise over when it is over, however long it was', () => {
    const random = seededRandom(73);
    const quiet = (count: number) => Array.from({ length: count }, () => 50 + 0.35 * random.normal());
    const noisy = Array.from({ length: 3600 }, () => 50 + 10 * random.normal());
    const failings = watch([...quiet(200), ...noisy, ...quiet(400)]);
    expect(failings.slice(0, 200).filter(Boolean)).toEqual([]);
    expect(new Set(failings.slice(300, 3800))).toEqual(new Set(['noise']));
    expect(failings.slice(3800 + 300).filter(Boolean)).toEqual([]);
  });

  it.each([
    ['polled each minute, as soon as it has stood for twice as long as ever', 60_000, { standsS: 1200 }, 40],
    ['polled each minute, after ten polls at least', 60_000, { standsS: 120 }, 10],
    ['polled each minute, of which no days are known', 60_000, {}, 60],
    ['polled each minute, and set by hand', 60_000, { standsS: 18_000 }, undefined],
    ['polled every five seconds, by its own polls', 5000, { standsS: 1200 }, 60],
    ['polled every five seconds, where its own polls say nothing', 5000, { standsS: 120, longestRun: 0 }, 48],
  ])('call a value stuck that is %s', (_, periodMs, known, samples) => {
    const habits = new Habits([{ ...tag, ...known }], [periodMs]);
    const values = [49, ...Array.from({ length: 500 }, () => 50)];
    const found = values.findIndex((value, index) => habits.watch(0, value, index * periodMs) === 'stuck');
    expect(found).toBe(samples === undefined ? -1 : samples + 1);
  });

  it('see a clock that stands while the value goes on', () => {
    const habits = new Habits([tag], [5000]);
    const failings = Array.from({ length: 40 }, (_, index) => habits.watch(0, index, 5000));
    expect(failings.slice(0, 20).filter(Boolean)).toEqual([]);
    expect(failings.at(-1)).toBe('frozen-time');
  });
});

describe('the diagnosis of a leap', () => {
  it('knows a decimal point, another unit, a broken input; what it does not know is a bias', () => {
    expect(causeOfLeap(4.2, 42, 'bar', plain)).toBe('times-ten');
    expect(causeOfLeap(50, 122.1, 'Cel', plain)).toBe('unit-change');
    expect(causeOfLeap(0.4, 58, 'MPa', plain)).toBe('unit-change');
    expect(causeOfLeap(40, 3276.7, '%', { scale: 0.1, offset: 0 })).toBe('broken');
    expect(causeOfLeap(40, 55, '%', plain)).toBe('bias');
  });

  it('reads two registers in the other order, there and back', () => {
    fc.assert(
      fc.property(fc.float({ min: 0.5, max: 1e6, noNaN: true }), (value) => {
        const [once = Number.NaN] = otherWordOrder(value, plain);
        fc.pre(Number.isFinite(once) && Math.abs(once) > 1e-30);
        expect(otherWordOrder(once, plain)[0]).toBeCloseTo(value, 3);
      }),
    );
  });
});

describe('the instrument detector', () => {
  it('takes memory by the number of values of a device, not by its square', () => {
    const detectors = [{ detector: 'data-quality', kind: 'bad-data', options: {} }];
    const before = process.memoryUsage().heapUsed;
    const kept = bench({ roles: Array.from({ length: 8_000 }, (_, index) => `r${index}`), required: [], detectors });
    const perValue = (process.memoryUsage().heapUsed - before) / 8_000;
    expect(kept.findings).toEqual([]);
    expect(perValue).toBeLessThan(16_000); // eight bytes for each neighbour alone were 64,000
  });

  it('is silent while instruments do what their calibration says', async () => {
    const plant = watched();
    await run(plant, seededRandom(4), 900);
    expect(plant.findings).toEqual([]);
  });

  it.each([
    ['times-ten', (value: number) => 10 * value],
    ['bias', (value: number) => value + 12],
  ])('finds %s of one instrument, and lets it go when it is mended', async (kind, wrong) => {
    const plant = watched();
    const random = seededRandom(5, kind);
    await run(plant, random, 60);
    await run(plant, random, 200, ({ level = 0 }) => ({ level: wrong(level) }));
    expect(kinds(plant)).toEqual([`+${kind}`]);
    expect(plant.findings[0]).toMatchObject({ asset: 'a-1', from: 'instrument', evidence: [{ tag: 'plc/level' }] });
    await run(plant, random, 400);
    expect(kinds(plant)).toEqual([`+${kind}`, `-${kind}`]);
  });

  it('takes a leap for the plant when other values move with it', async () => {
    const plant = watched();
    const random = seededRandom(6);
    await run(plant, random, 60);
    await run(plant, random, 300, ({ level = 0, flow = 0 }) => ({ level: level + 12, flow: flow - 6 }));
    expect(plant.findings).toEqual([]);
  });

  it.each([
    ['a command that never changed in all the history', { largestStep: 0 }, []],
    ['a set-point that changed a few times', { largestStep: 20, range: { low: 60, high: 80 } }, []],
    ['a total that counts now and then', { largestStep: 4 }, ['+bias']],
  ])('holds a leap against what changes with it: %s', async (_, ofOther, claimed) => {
    const other = { differenceScale: 0, longestRun: 0, thereAndBack: 0, ...ofOther };
    const tags = { ...Object.fromEntries(roles.map((role) => [`plc/${role}`, tag])), 'plc/speed': other };
    const plant = bench({ roles, required: [], parts: { calibrationFile: calibrationFile({ tags }) } });
    const random = seededRandom(25);
    await run(plant, random, 60, () => ({ speed: 70 }));
    await run(plant, random, 200, ({ level = 0 }) => ({ level: level + 12, speed: 74 }));
    expect(kinds(plant)).toEqual(claimed);
  });

  it('knows ten times the value, where no value can be, whatever else moves', async () => {
    const plant = watched();
    const random = seededRandom(24);
    await run(plant, random, 60);
    await run(plant, random, 200, ({ level = 0, flow = 0 }) => ({ level: 10 * level, flow: flow - 6 }));
    expect(kinds(plant)).toEqual(['+times-ten']);
  });

  it('takes one more leap of what is switched about for no bias', async () => {
    const plant = watched();
    const random = seededRandom(23);
    const high = ({ level = 0 }) => ({ level: level + 12 });
    for (let turn = 0; turn < 4; turn++) {
      await run(plant, random, 60, high);
      await run(plant, random, 60);
    }
    await run(plant, random, 300, high);
    expect(plant.findings).toEqual([]);
  });

  it('finds two that have changed places', async () => {
    const plant = watched();
    const random = seededRandom(7);
    await run(plant, random, 60, ({ level = 0 }) => ({ level: level + 20 }));
    await run(plant, random, 200, ({ level = 0, power = 0 }) => ({ level, power: power + 20 }));
    expect(new Set(kinds(plant))).toEqual(new Set(['+swapped-wires']));
  });

  it('finds two that have changed places where one of them cannot show all of the other, whatever else moves a little', async () => {
    const plant = watched();
    const random = seededRandom(71);
    const apart = ({ level = 0, power = 0 }) => ({ level: level - 30, power: power + 80 });
    const swapped = ({ level = 0, power = 0 }) => ({ level: Math.min(100, power + 80), power: level - 30 });
    await run(plant, random, 60, apart);
    await run(plant, random, 10, (values) => ({ ...swapped(values), flow: (values['flow'] ?? 0) + 3.2 }));
    await run(plant, random, 200, swapped);
    expect(new Set(kinds(plant))).toEqual(new Set(['+swapped-wires']));
  });

  it('knows a leap for what it is while another instrument has spikes all the time', async () => {
    const plant = watched();
    const random = seededRandom(72);
    let second = 0;
    const spiky = ({ speed = 0 }) => ({ speed: speed + (second++ % 25 === 7 ? 40 : 0) });
    await run(plant, random, 300, spiky);
    await run(plant, random, 300, (values) => ({ ...spiky(values), level: (values['level'] ?? 0) + 12 }));
    expect(kinds(plant)).toContain('+bias');
  });

  it('finds one stuck that should move, by its own noise, and masks it', async () => {
    const plant = watched();
    const random = seededRandom(8);
    await run(plant, random, 20);
    await run(plant, random, 110, () => ({ flow: 50 }));
    expect(kinds(plant)).toEqual(['+stuck']);
  });

  it('finds a count of beats that stands within ten polls, and lets it go when it goes on', async () => {
    const clock = { differenceScale: 0, longestRun: 0, thereAndBack: 0, largestStep: 99, advance: 1 };
    const tags = { 'plc/level': clock };
    const plant = bench({ roles, parts: { calibrationFile: calibrationFile({ tags }) } });
    const beat = (second: number) => plant.second({ level: second % 100 });
    for (let second = 1; second <= 250; second++) await beat(second);
    expect(plant.findings).toEqual([]);
    for (let poll = 0; poll < 9; poll++) await beat(250);
    expect(plant.findings).toEqual([]);
    for (let poll = 0; poll < 2; poll++) await beat(250);
    expect(kinds(plant)).toEqual(['+stuck']);
    for (let second = 251; second <= 560; second++) await beat(second);
    expect(kinds(plant)).toEqual(['+stuck', '-stuck']);
  });

  it('calls no value stuck that is at the end of what its instrument can show', async () => {
    const plant = watched();
    const random = seededRandom(24);
    let level = 50;
    await run(plant, random, 300, () => {
      level = Math.min(100, level + 0.8);
      return { level };
    });
    expect(plant.findings).toEqual([]);
    await run(plant, random, 200, () => ({ level: 99 }));
    expect(kinds(plant)).toEqual(['+stuck']);
  });

  it('finds words in the other order within seconds', async () => {
    const plant = watched();
    const random = seededRandom(9);
    await run(plant, random, 60, ({ pressure = 0 }) => ({ pressure: Math.fround(pressure) }));
    await run(plant, random, 8, ({ pressure = 0 }) => ({ pressure: otherWordOrder(pressure, plain)[0] ?? 0 }));
    expect(kinds(plant)).toEqual(['+word-order']);
  });

  it('finds words in the other order of a value about nothing, and takes no real leap from there for one', async () => {
    const plant = watched();
    const random = seededRandom(21);
    const near = () => Math.fround(0.35 * random.normal());
    await run(plant, random, 60, () => ({ pressure: near(), level: near() }));
    await run(plant, random, 60, () => ({ pressure: near(), level: Math.fround(40 + near()), flow: 90 }));
    expect(kinds(plant)).not.toContain('+word-order');
    await run(plant, random, 60, () => ({ pressure: otherWordOrder(near(), plain)[0] ?? 0, level: near() }));
    expect(kinds(plant)).toContain('+word-order');
    expect(plant.findings.find(({ kind }) => kind === 'word-order')?.evidence[0]?.tag).toBe('plc/pressure');
  });

  it('takes no steady value after a leap for words in the other order, whatever its digits are', async () => {
    const wrong: number[] = [];
    for (let seed = 1; seed <= 150; seed++) {
      const plant = watched();
      const random = seededRandom(seed);
      const steady = Math.fround(5 + 500 * random.next());
      await run(plant, random, 30, () => ({ pressure: Math.fround(0.35 * random.normal()) }));
      await run(plant, random, 30, () => ({ pressure: steady }));
      if (kinds(plant).includes('+word-order')) wrong.push(steady);
    }
    expect(wrong).toEqual([]);
  });

  it('calls an input broken that the PLC calls bad, and leaves what does not come to data quality', async () => {
    const plant = watched();
    const random = seededRandom(10);
    await run(plant, random, 20);
    for (let count = 0; count < 40; count++) {
      const { flow: _flow, speed: _speed, ...others } = usual(random);
      plant.send({ speed: Number.NaN }, Quality.device);
      plant.send({ flow: Number.NaN }, Quality.comm);
      await plant.second(others);
    }
    expect(kinds(plant).sort()).toEqual(['+bad-data', '+broken']);
  });

  it('keeps what it has found over a restart', async () => {
    const before = watched();
    const random = seededRandom(11);
    await run(before, random, 60);
    await run(before, random, 200, ({ level = 0 }) => ({ level: level + 12 }));
    const after = watched();
    after.detection.restore(JSON.parse(JSON.stringify(before.detection.snapshot())));
    expect(after.detection.status().active).toEqual(['a-1/bias']);
    await run(after, random, 60, ({ level = 0 }) => ({ level: level + 12 }));
    expect(after.findings).toEqual([]);
    await run(after, random, 400);
    expect(kinds(after)).toEqual(['-bias']);
  });
});
