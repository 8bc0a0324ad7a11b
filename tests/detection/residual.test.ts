import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Asset } from '../../edge/core/asset.ts';
import { Quality } from '../../edge/core/quality.ts';
import type { ResidualPart } from '../../edge/detection/calibration.ts';
import { jointDeviation } from '../../edge/detection/residual/departure.ts';
import { ExpectedValue } from '../../edge/detection/residual/expected-value.ts';
import { residualOptions } from '../../edge/detection/residual/options.ts';
import { inputFrom, type Passage, rolesOfInput } from '../../edge/detection/residual/passage.ts';
import { termCount, writeTerms } from '../../edge/detection/residual/terms.ts';
import { WindowMeans } from '../../edge/detection/residual/window-means.ts';
import { bench, calibrationFile, limit, startMs } from './plant.ts';

const input = (role: string) => ({ role, centre: 50, spread: 10, low: 20, high: 80 });
/** value = 30 + 0.5 · (flow − 50), as a regression says it. */
const part: ResidualPart = {
  ...{ role: 'value', rate: false, moves: 'up', scale: 0.5 },
  of: [input('flow')],
  weights: [30, 5, 0],
};

describe('terms of a regression', () => {
  it('are the inputs, and of up to three all squares and products too', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 6 }), (inputs) => {
        const terms = new Float64Array(termCount(inputs.length));
        writeTerms(inputs, terms);
        const products = inputs.flatMap((left, index) => inputs.slice(index).map((right) => left * right));
        expect([...terms]).toEqual(inputs.length > 3 ? inputs : [...inputs, ...products]);
      }),
    );
  });
});

describe('an expected value', () => {
  it('is the sum of weighted terms and the course of the day', () => {
    const daily = { working: [1, 1], free: [3, 3] };
    expect(new ExpectedValue(part).at([60], startMs, 480)).toBe(35);
    expect(new ExpectedValue({ ...part, daily }).at([60], startMs, 480)).toBe(36);
  });

  it('knows a tenth of the range beyond the training and no more', () => {
    const expected = new ExpectedValue(part);
    expect([13.9, 14.1, 85.9, 86.1].map((value) => expected.knows([value]))).toEqual([false, true, true, false]);
  });

  it('knows an input that never moved for as long as it stands', () => {
    // 0.45 as a 32-bit float, 0.45 in the calibration
    const still = { role: 'setpoint', centre: 0.45, spread: 1, low: 0.45, high: 0.45 };
    const expected = new ExpectedValue({ ...part, of: [still] });
    expect([Math.fround(0.45), 0.46].map((value) => expected.knows([value]))).toEqual([true, false]);
  });
});

describe('what physics bound', () => {
  const bounded = (moves: 'up' | 'down', rises: number): ResidualPart => ({ ...part, moves, rises });
  const level = (one: ResidualPart, flow: number) => new ExpectedValue(one).at([flow], startMs, 480);

  it('has the value at the border on the side where it could only depart the more', () => {
    // taught 15 at 20 and 45 at 80
    expect(level(bounded('down', 3), 160)).toBe(45);
    expect(level(bounded('up', 3), 10)).toBe(15);
  });

  it('has a power of how far it is beyond on the other', () => {
    expect(level(bounded('down', 3), 10)).toBe(15 / 8);
    expect(level(bounded('up', 2), 160)).toBe(45 * 4);
    expect(level(bounded('down', 3), 0)).toBe(0);
  });

  it('is never called too high or too low while it rises as stated', () => {
    // value = c · flow^power, taught between 20 and 80
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 400, noNaN: true }),
        (power, flow) => {
          const low = 20 ** power;
          const high = 80 ** power;
          const line = { weights: [low + (high - low) / 2, ((high - low) / 60) * 10, 0] };
          fc.pre(flow < 14 || flow > 86);
          const truth = flow ** power;
          const slack = 1e-9 * (truth + high);
          expect(level({ ...bounded('down', 3), ...line }, flow)).toBeLessThanOrEqual(truth + slack);
          expect(level({ ...bounded('up', 3), ...line }, flow)).toBeGreaterThanOrEqual(truth - slack);
        },
      ),
    );
  });

  it('is known wherever it has a bound, and that is above nothing only', () => {
    const expected = new ExpectedValue(bounded('down', 3));
    expect([0, 13, 87, 1e6, -1].map((flow) => expected.knows([flow]))).toEqual([true, true, true, true, false]);
    const fromNothing = { ...bounded('down', 3), of: [{ ...input('flow'), low: 0 }] };
    expect(new ExpectedValue(fromNothing).knows([-20])).toBe(false);
    expect(expected.beyond([-1])).toEqual([{ role: 'flow', value: -1, low: 20, high: 80 }]);
  });

  it('needs to be told which way it departs', () => {
    const either = { residuals: [{ role: 'value', of: ['flow'], rises: 1 }] };
    expect(residualOptions.safeParse(either).success).toBe(false);
  });
});

describe('an input', () => {
  const across = { role: 'flow', across: ['before', 'behind'] } satisfies Passage;
  const four = ['hot-in', 'hot-out', 'cold-in', 'cold-out'] as [string, string, string, string];

  it('is a role as it is, or how freely it flows from one pressure to another', () => {
    expect(inputFrom({ role: 'flow' }, [8])).toBe(8);
    expect(inputFrom(across, [8, 5, 1])).toBe(4);
    expect(rolesOfInput(across)).toEqual(['flow', 'before', 'behind']);
  });

  it('is what an exchanger passes on, as its effectiveness says', () => {
    // ε of counter-flow, (1 − e) / (1 − r·e) with e = exp(−NTU·(1 − r)), of 40 m³/h against 100 m³/h
    const [hot, cold] = [40, 100];
    for (const transfer of [10, 60, 250, 600]) {
      const e = Math.exp((-transfer / hot) * (1 - hot / cold));
      const effectiveness = (1 - e) / (1 - (hot / cold) * e);
      const hotOut = 110 - effectiveness * (110 - 40);
      const values = [hot, 110, hotOut, 40, 40 + (hot / cold) * (110 - hotOut)];
      expect(inputFrom({ role: 'flow', cooledIn: four }, values)).toBeCloseTo(transfer, 6);
      expect(inputFrom({ role: 'flow', heatingIn: four }, values)).toBeCloseTo(cold, 6);
    }
    // of equal flows both ends differ alike: NTU = (hot in − hot out) / difference
    expect(inputFrom({ role: 'flow', cooledIn: four }, [40, 110, 60, 50, 100])).toBe(200);
  });

  it('is no number where nothing presses, or the cold side is the warmer one', () => {
    for (const values of [
      [0, 3, 3],
      [8, 3, 3],
      [8, 1, 5],
    ])
      expect(Number.isFinite(inputFrom(across, values))).toBe(false);
    expect(inputFrom({ role: 'flow', cooledIn: four }, [40, 110, 60, 65, 100])).toBeNaN();
  });
});

describe('departures that count together', () => {
  it('are their sum over the root of their number, each no more than its most', () => {
    expect(jointDeviation([3, 5])).toBeCloseTo(8 / Math.SQRT2, 12);
    expect(jointDeviation([1e6])).toBe(12);
  });

  it('are nothing when one of them stays at home', () => {
    expect(jointDeviation([12, 0.3])).toBe(0);
    expect(jointDeviation([-12, 3])).toBeLessThanOrEqual(0);
  });
});

describe('means over a minute', () => {
  it('give the median of several tags, and of the window before too', async () => {
    const plant = bench({ roles: ['a', 'b', 'c'] });
    const means = new WindowMeans(60);
    const slot = means.slotOf(0, 1, 2);
    means.ready();
    const trust = { usable: () => true } as never;
    for (const base of [10, 20]) {
      for (let scan = 0; scan < 40; scan++) {
        await plant.second({ a: base, b: base + 2, c: base + 100 });
        means.add(plant.live, trust);
      }
      means.close();
    }
    expect([means.before[slot], means.values[slot]]).toEqual([12, 22]);
  });
});

describe('the residual detector', () => {
  const residuals = { high: { parts: [part], allowance: 4, limit: 24 } };
  const options = { residuals: [{ role: 'value', of: ['flow'], moves: 'up' }] };
  const start = (more: Readonly<Record<string, unknown>> = {}) =>
    bench({
      roles: ['value', 'flow', 'running'],
      detectors: [{ detector: 'residual', kind: 'high', options: { ...options, ...more } }],
      parts: { calibrationFile: calibrationFile({ assets: { 'a-1': { residuals } } }) },
    });
  type Plant = ReturnType<typeof start>;
  const run = async (plant: Plant, minutes: number, values: Readonly<Record<string, number>>, quality?: number) => {
    for (let second = 0; second < minutes * 60; second++) await plant.second({ running: 1, ...values }, quality);
  };

  it('finds what the other values do not explain, says how far, and lets it go when it is over', async () => {
    const plant = start();
    await run(plant, 10, { value: 35, flow: 60 });
    await run(plant, 10, { value: 40, flow: 70 });
    expect(plant.findings).toEqual([]);
    await run(plant, 10, { value: 45, flow: 70 });
    const [found, ...more] = plant.findings;
    expect(more).toEqual([]);
    expect(found).toMatchObject({ asset: 'a-1', kind: 'high', from: 'residual', active: true });
    expect(found?.evidence).toEqual([{ tag: 'plc/value', observed: 45, expected: 40, unit: 'kPa', windowS: 60 }]);
    await run(plant, 20, { value: 40, flow: 70 });
    expect(plant.findings.map(({ active }) => active)).toEqual([true, false]);
  });

  it('names a leap that others doubt, where its claim explains all that rests on the tag', async () => {
    const habits = { differenceScale: 0.1, longestRun: 1000, thereAndBack: 0.2, largestStep: 0.5 };
    const claimsOf = async (explains: readonly string[]) => {
      const plant = bench({
        ...{ roles: ['value', 'flow', 'running'], explains: { high: explains } },
        detectors: [{ detector: 'residual', kind: 'high', options }],
        parts: {
          calibrationFile: calibrationFile({ tags: { 'plc/value': habits }, assets: { 'a-1': { residuals } } }),
        },
      });
      for (let second = 0; second < 1800; second++)
        await plant.second({ value: (second < 600 ? 35 : 41) + 0.05 * (second % 2), flow: 60, running: 1 });
      return plant.findings.map(({ kind }) => kind);
    };
    expect(await claimsOf([])).toEqual(['bias']);
    expect(await claimsOf(['*'])).toEqual(['bias', 'high']);
  });

  it('claims what departs far sooner in short windows, what departs little no later, and nothing that lasts for one window', async () => {
    /** Seconds from a departure of so many deviations to its claim. */
    const secondsTo = async (windowS: number, deviations: number, lastsS = 3600) => {
      const short = { high: { ...residuals.high, ...(windowS === 60 ? {} : { windowS, limit: 6 }) } };
      const plant = bench({
        roles: ['value', 'flow'],
        detectors: [{ detector: 'residual', kind: 'high', options: { ...options, windowS } }],
        parts: { calibrationFile: calibrationFile({ assets: { 'a-1': { residuals: short } } }) },
      });
      for (let second = 0; second < 300; second++) await plant.second({ value: 35, flow: 60 });
      for (let second = 0; second < 3600 && plant.findings.length === 0; second++) {
        const value = 35 + (second < lastsS ? deviations * part.scale : 0);
        await plant.second({ value, flow: 60 });
      }
      return plant.findings[0] ? (plant.findings[0].time - startMs) / 1000 - 300 : Number.POSITIVE_INFINITY;
    };
    expect(await secondsTo(60, 40)).toBeGreaterThanOrEqual(180);
    expect(await secondsTo(10, 40)).toBeLessThanOrEqual(40);
    const little = await Promise.all([60, 10].map((windowS) => secondsTo(windowS, 7)));
    expect(little[1]).toBeLessThanOrEqual(little[0] as number);
    expect(await secondsTo(10, 1e6, 10)).toBe(Number.POSITIVE_INFINITY);
    expect(await secondsTo(60, 1e6, 60)).toBe(Number.POSITIVE_INFINITY);
  });

  it('has windows of a minute where a change from minute to minute is expected', () => {
    const changing = { residuals: [{ role: 'value', rate: true, daily: true }] };
    expect(residualOptions.safeParse(changing).success).toBe(true);
    expect(residualOptions.safeParse({ ...changing, windowS: 10 }).success).toBe(false);
  });

  it('knows a valve by how freely water passes it, whatever the pressures are', async () => {
    const passage = { ...input('flow'), across: ['before', 'behind'] };
    const parts = [{ ...part, of: [passage] }];
    const plant = bench({
      roles: ['value', 'flow', 'before', 'behind'],
      detectors: [
        {
          ...{ detector: 'residual', kind: 'high' },
          options: {
            residuals: [{ role: 'value', of: [{ role: 'flow', across: ['before', 'behind'] }], moves: 'up' }],
          },
        },
      ],
      parts: {
        calibrationFile: calibrationFile({ assets: { 'a-1': { residuals: { high: { ...residuals.high, parts } } } } }),
      },
    });
    const during = async (minutes: number, values: Readonly<Record<string, number>>) => {
      for (let second = 0; second < minutes * 60; second++) await plant.second(values);
    };
    await during(10, { value: 35, flow: 60, before: 2, behind: 1 });
    await during(10, { value: 35, flow: 120, before: 5, behind: 1 });
    await during(10, { value: 45, flow: 0, before: 1, behind: 1 });
    expect(plant.findings).toEqual([]);
    await during(10, { value: 45, flow: 120, before: 5, behind: 1 });
    expect(plant.findings.map(({ kind, active }) => [kind, active])).toEqual([['high', true]]);
    const course = plant.detection.course('a-1', 'high');
    expect(course?.columns).toEqual([['plc/value'], ['plc/flow'], ['plc/before'], ['plc/behind']]);
    expect(course?.at([45, 120, 5, 1], [], startMs).expected).toBe(35);
  });

  it('tells an obstruction by the flow that an opening lets expect, further open than it was ever seen too', async () => {
    const across: [string, string] = ['before', 'behind'];
    // 30 at 50 % and 4 of pressure: 60 flow
    const passing: ResidualPart = { ...part, role: 'flow', across, of: [input('opening')], moves: 'down', rises: 4 };
    const options = { residuals: [{ role: 'flow', across, of: ['opening'], moves: 'down', rises: 4 }] };
    const plant = bench({
      roles: ['flow', 'before', 'behind', 'opening'],
      detectors: [{ detector: 'residual', kind: 'high', options }],
      parts: {
        calibrationFile: calibrationFile({
          assets: { 'a-1': { residuals: { high: { ...residuals.high, parts: [passing] } } } },
        }),
      },
    });
    const during = async (minutes: number, values: Readonly<Record<string, number>>) => {
      for (let second = 0; second < minutes * 60; second++) await plant.second(values);
    };
    await during(10, { flow: 60, before: 5, behind: 1, opening: 50 });
    // at 100 % no less than at 80 %, 45; at 10 % no less than 15 / 16
    await during(10, { flow: 92, before: 5, behind: 1, opening: 100 });
    await during(10, { flow: 2, before: 5, behind: 1, opening: 10 });
    expect(plant.findings).toEqual([]);
    expect(plant.detection.status().outOfModel['a-1']).toMatchObject({ outside: 0 });
    await during(10, { flow: 60, before: 5, behind: 1, opening: 100 });
    expect(plant.findings.map(({ kind, active }) => [kind, active])).toEqual([['high', true]]);
    expect(plant.findings[0]?.evidence).toMatchObject([{ tag: 'plc/flow', observed: 60, expected: 90 }]);
    const course = plant.detection.course('a-1', 'high');
    expect(course?.columns).toEqual([['plc/flow'], ['plc/before'], ['plc/behind'], ['plc/opening']]);
    expect(course?.at([60, 5, 1, 100], [], startMs)).toMatchObject({ observed: 60, expected: 90, low: 86 });
  });

  it('says where along its cable a load is lost, and says so again when the first minute was but half of it', async () => {
    const lamps = { along: { role: 'value', lamps: 'lamps' } };
    const chart = { parts: [{ ...part, moves: 'down' }], allowance: 1, limit: 5 };
    const plant = bench({
      roles: ['value', 'flow', 'lamps'],
      detectors: [
        {
          ...{ detector: 'residual', kind: 'cut' },
          options: { residuals: [{ role: 'value', of: ['flow'], moves: 'down' }], allowance: 1, ...lamps },
        },
      ],
      parts: { calibrationFile: calibrationFile({ assets: { 'a-1': { residuals: { cut: chart } } } }) },
    });
    const whole = { value: 35, flow: 60, lamps: 40 };
    await run(plant, 10, whole);
    for (let second = 0; second < 30; second++) await plant.second(whole);
    await run(plant, 5, { ...whole, value: 17.5 });
    const told = plant.findings.map(({ kind, active, place }) => [kind, active, place?.[0]?.id]);
    expect(told).toEqual([
      ['cut', true, expect.stringMatching(/^a-1\/lamp-(29|31)-/)],
      ['cut', true, 'a-1/lamp-21-22'],
    ]);
  });

  it('takes no minute alone for a fault, however far off', async () => {
    const plant = start();
    await run(plant, 2, { value: 35, flow: 60 });
    await run(plant, 1, { value: 99, flow: 60 });
    await run(plant, 10, { value: 35, flow: 60 });
    expect(plant.findings).toEqual([]);
  });

  it('says nothing where it has not been trained, of what nobody may trust, or while its condition does not hold', async () => {
    const beyond = start();
    await run(beyond, 20, { value: 99, flow: 5 });
    const distrusted = start();
    await run(distrusted, 20, { value: 99, flow: 60 }, Quality.comm);
    const idle = start({ when: { role: 'running', equals: 0 } });
    await run(idle, 20, { value: 99, flow: 60 });
    for (const { findings } of [beyond, distrusted, idle])
      expect(findings.filter(({ from }) => from === 'residual')).toEqual([]);
  });

  it('judges inputs beyond what was taught by wider limits, a slow departure too, and none further out than was tried', async () => {
    // leverage 1 + z² + z⁴: limits are twice as wide at z = 4, a flow of 90; 300 is passed at 93
    const reach = { factor: [1, 0, 1, 0, 0, 1], highest: 91, furthest: 300, growth: 3 / 182 };
    const parts = [{ ...part, reach }];
    const plantOf = () =>
      bench({
        roles: ['value', 'flow'],
        detectors: [{ detector: 'residual', kind: 'high', options }],
        parts: {
          calibrationFile: calibrationFile({
            assets: { 'a-1': { residuals: { high: { ...residuals.high, parts } } } },
          }),
        },
      });
    const [usual, wide, slow, far] = [plantOf(), plantOf(), plantOf(), plantOf()];
    await run(usual, 30, { value: 43, flow: 70 });
    await run(wide, 30, { value: 53, flow: 90 });
    for (let minute = 0; minute < 90; minute++) await run(slow, 1, { value: 50 + minute / 10, flow: 90 });
    await run(far, 30, { value: 99, flow: 100 });
    expect([usual, wide, slow, far].map(({ findings }) => findings.map(({ active }) => active))).toEqual([
      [true],
      [],
      [true],
      [],
    ]);
    const outside = [usual, wide, slow, far].map(({ detection }) => detection.status().outOfModel['a-1']?.outside);
    expect(outside).toEqual([0, 0, 0, 29]);
    const [near, beyond] = [70, 90].map((flow) => wide.detection.course('a-1', 'high')?.at([50, flow], [], startMs));
    expect([near?.expected, near?.high, beyond?.expected, beyond?.high]).toEqual([40, 42, 50, 54]);
  });

  it('counts the minutes in which an input lay beyond its training, how far it went, and no minute without values', async () => {
    const plant = start();
    await run(plant, 5, { value: 35, flow: 60 });
    await run(plant, 3, { value: 35, flow: 5 }, Quality.comm);
    await run(plant, 5, { value: 35, flow: 95 });
    const { 'a-1': during } = plant.detection.status().outOfModel;
    expect(during?.now).toBe(true);
    await run(plant, 10, { value: 35, flow: 60 });
    const { 'a-1': after } = plant.detection.status().outOfModel;
    expect(after).toMatchObject({ now: false, minutes: 19, outside: 5 });
    expect(after?.beyond).toEqual({ flow: { low: 20, high: 80, lowest: 20, highest: 95 } });
  });

  it('claims one thing of an asset of which several parts are watched, until none shows it any more', async () => {
    const pair = (part: string, role: string) => ({
      ...{ detector: 'residual', kind: 'high' },
      options: { part, residuals: [{ role, of: ['flow'], moves: 'up' }] },
    });
    const chart = (role: string) => ({ ...residuals.high, parts: [{ ...part, role }] });
    const plant = bench({
      roles: ['one', 'two', 'flow'],
      detectors: [pair('pump-1', 'one'), pair('pump-2', 'two')],
      parts: {
        calibrationFile: calibrationFile({
          assets: { 'a-1': { residuals: { 'high/pump-1': chart('one'), 'high/pump-2': chart('two') } } },
        }),
      },
    });
    await run(plant, 10, { one: 35, two: 45, flow: 60 });
    expect(plant.findings).toMatchObject([{ kind: 'high', active: true, evidence: [{ tag: 'plc/two' }] }]);
    await run(plant, 10, { one: 45, two: 45, flow: 60 });
    await run(plant, 20, { one: 45, two: 35, flow: 60 });
    expect(plant.findings).toHaveLength(1);
    expect(plant.detection.status().active).toEqual(['a-1/high']);
    await run(plant, 20, { one: 35, two: 35, flow: 60 });
    expect(plant.findings.map(({ active }) => active)).toEqual([true, false]);
  });

  it('reads a role of what the asset feeds, where that is of the same kind', async () => {
    const asset = (id: string, below: string, roles: Readonly<Record<string, number>>): Asset => ({
      ...{ id, type: 'test.thing', name: id, grid: '', location: undefined, lawfulClients: [] },
      ...{ upstreamOf: [below], roles },
    });
    const parts = [
      { ...part, of: [], weights: [30] },
      { ...part, role: 'downstream.value', of: [], weights: [30], moves: 'down' },
    ];
    const dam = { residuals: { dam: { ...residuals.high, parts } } };
    const plant = bench({
      roles: ['here', 'below'],
      detectors: [
        {
          ...{ detector: 'residual', kind: 'dam' },
          options: {
            residuals: [
              { role: 'value', daily: true, moves: 'up' },
              { role: 'downstream.value', daily: true, moves: 'down' },
            ],
          },
        },
      ],
      parts: {
        assets: [asset('a-1', 'a-2', { value: 0 }), asset('a-2', 'elsewhere', { value: 1 })],
        calibrationFile: calibrationFile({ assets: { 'a-1': dam, 'a-2': dam } }),
      },
    });
    await run(plant, 10, { here: 40, below: 40 });
    expect(plant.findings).toEqual([]);
    await run(plant, 10, { here: 40, below: 26 });
    expect(plant.findings).toMatchObject([
      { asset: 'a-1', kind: 'dam', active: true, evidence: [{ tag: 'plc/here' }, { tag: 'plc/below' }] },
    ]);
  });

  it('shares its claim with a limit of the same kind', async () => {
    const plant = bench({
      roles: ['value', 'flow'],
      limits: [limit({ above: 60 })],
      detectors: [{ detector: 'residual', kind: 'high', options }],
      parts: { calibrationFile: calibrationFile({ assets: { 'a-1': { residuals } } }) },
    });
    await run(plant, 10, { value: 45, flow: 60 });
    await run(plant, 10, { value: 65, flow: 60 });
    await run(plant, 10, { value: 45, flow: 60 });
    expect(plant.findings).toMatchObject([{ from: 'residual', active: true }]);
    await run(plant, 20, { value: 35, flow: 60 });
    expect(plant.findings.map(({ active }) => active)).toEqual([true, false]);
  });

  it('goes on where it was after a restart', async () => {
    const before = start();
    await run(before, 3, { value: 99, flow: 60 });
    expect(before.findings).toEqual([]);
    const [after, fresh] = [start(), start()];
    // as the clock of the detectors goes on over a restart
    for (const { clock } of [after, fresh]) await clock.advance(before.clock.monotonicMs());
    after.detection.restore(JSON.parse(JSON.stringify(before.detection.snapshot())));
    for (const plant of [after, fresh]) await run(plant, 2, { value: 99, flow: 60 });
    expect(after.findings).toMatchObject([{ kind: 'high', active: true }]);
    expect(fresh.findings).toEqual([]);
  });
});
