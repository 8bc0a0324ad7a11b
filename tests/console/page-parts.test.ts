import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsUntil, courseOf, doubts, extendCourse, summary } from '../../edge/console/web/src/course.ts';
import { type Line, lineAt, middleOf, strokesOf } from '../../edge/console/web/src/line-drawing.ts';
import { pasted } from '../../edge/console/web/src/pasted-cells.ts';
import { around, type Box, layOut, neighbour, placeLabels } from '../../edge/console/web/src/schematic.ts';
import { extendSinkCourse, ratePerS, type SinkCourse } from '../../edge/console/web/src/sink-course.ts';
import { stateWord } from '../../edge/console/web/src/state-words.ts';
import { Quality } from '../../edge/core/quality.ts';

const field: Box = { x: 30, y: 20, width: 700, height: 330 };
const city = fc.array(
  fc.tuple(fc.double({ min: 126.6, max: 126.72, noNaN: true }), fc.double({ min: 45.7, max: 45.77, noNaN: true })),
  {
    minLength: 1,
    maxLength: 40,
  },
);
const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width - 1e-6 &&
  b.x < a.x + a.width - 1e-6 &&
  a.y < b.y + b.height - 1e-6 &&
  b.y < a.y + a.height - 1e-6;

describe('the map', () => {
  it('keeps every asset inside its field, north up and east to the right', () => {
    fc.assert(
      fc.property(city, (coordinates) => {
        for (const { x, y } of layOut(coordinates, field)) {
          expect(x).toBeGreaterThanOrEqual(field.x - 1e-6);
          expect(x).toBeLessThanOrEqual(field.x + field.width + 1e-6);
          expect(y).toBeGreaterThanOrEqual(field.y - 1e-6);
          expect(y).toBeLessThanOrEqual(field.y + field.height + 1e-6);
        }
      }),
    );
    const [southWest, northEast] = layOut(
      [
        [126.6, 45.7],
        [126.7, 45.76],
      ],
      field,
    );
    expect(northEast!.x).toBeGreaterThan(southWest!.x);
    expect(northEast!.y).toBeLessThan(southWest!.y);
  });

  it('draws assets that stand at one place beside each other', () => {
    const spots = layOut(
      [
        [126.6, 45.7],
        [126.65, 45.73],
        [126.65, 45.73],
        [126.6501, 45.73],
        [126.7, 45.76],
      ],
      field,
    );
    for (const [at, a] of spots.entries())
      for (const b of spots.slice(at + 1)) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(22);
  });

  it('never lets a name cover another name or an asset', () => {
    fc.assert(
      fc.property(city, fc.integer({ min: 20, max: 160 }), (coordinates, width) => {
        const spots = layOut(coordinates, field);
        const labels = spots.map((spot) => ({ spot, width, clearPx: 14 }));
        const assets = spots.map((spot) => around(spot, 11));
        const boxes = placeLabels(labels, assets, field).filter((box) => box !== undefined);
        for (const [at, box] of boxes.entries()) {
          expect(boxes.slice(at + 1).filter((other) => overlap(box, other))).toEqual([]);
          expect(assets.filter((asset) => overlap(box, asset))).toEqual([]);
        }
      }),
    );
  });

  it('moves by arrow keys to the nearest asset in that direction, and nowhere beyond the last', () => {
    const spots = [
      { x: 0, y: 0 },
      { x: 50, y: 5 },
      { x: 40, y: 90 },
    ];
    expect(neighbour(spots, 0, 1, 0)).toBe(1);
    expect(neighbour(spots, 0, 0, 1)).toBe(2);
    expect(neighbour(spots, 0, -1, 0)).toBeUndefined();
  });
});

describe('the lines of a map', () => {
  const line = (style: string, flow: Line['flow'], ...spots: readonly (readonly [number, number])[]): Line => ({
    ...{ style, flow },
    spots: spots.map(([x, y]) => ({ x, y })),
  });
  const spot = fc.record({ x: fc.integer({ min: 0, max: 800 }), y: fc.integer({ min: 0, max: 400 }) });

  it('are one path for each style, however many they are, in the order in which styles come', () => {
    const many = Array.from({ length: 5_000 }, (_, at) => line(at % 2 ? 'gas' : 'water', 1, [at, 0], [at, 20]));
    const strokes = strokesOf(many);
    expect(strokes.map(({ style }) => style)).toEqual(['water', 'gas']);
    expect(strokes.map(({ path }) => path.match(/M/g)?.length)).toEqual([2_500, 2_500]);
    // Arrowheads do not cover each other.
    expect(strokes[0]!.arrows.match(/Z/g)!.length).toBeLessThan(200);
  });

  it('have an arrowhead the way it flows, and none where nothing does', () => {
    const arrow = (flow: Line['flow']) => strokesOf([line('water', flow, [0, 10], [100, 10])])[0]!.arrows;
    expect(arrow(1)).toBe('M47 7L53 10L47 13Z');
    expect(arrow(-1)).toBe('M53 13L47 10L53 7Z');
    expect(arrow(0)).toBe('');
    expect(
      middleOf([
        { x: 3, y: 3 },
        { x: 3, y: 3 },
      ]),
    ).toBeUndefined();
  });

  it('are found under the pointer: the nearest one within reach, as looking at every point of them finds it', () => {
    const bent = fc.array(spot, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(bent, { minLength: 1, maxLength: 8 }), spot, (all, pointer) => {
        const lines = all.map((spots, at): Line => ({ style: String(at), spots, flow: 0 }));
        const far = ({ spots }: Line) =>
          Math.min(
            ...spots.slice(1).flatMap((to, at) =>
              Array.from({ length: 401 }, (_, step) => {
                const from = spots[at]!;
                const share = step / 400;
                const [x, y] = [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
                return Math.hypot(x - pointer.x, y - pointer.y);
              }),
            ),
          );
        const found = lineAt(lines, pointer, 60);
        const least = Math.min(...lines.map(far));
        // Points of the longest pieces are little more than 2 px apart.
        if (found) expect(far(found)).toBeLessThan(least + 1.2);
        else expect(least).toBeGreaterThan(60);
      }),
    );
  });
});

describe('the course of a tag', () => {
  const second = 1_000;
  const steady = (count: number, from = 0) => Array.from({ length: count }, (_, at) => from + at * second);
  const history = (times: number[], quality: number = Quality.good) => ({
    times,
    values: times.map(() => 1),
    quality: times.map(() => quality),
  });

  it('draws no line across a hole and marks it as without data', () => {
    const course = courseOf(history([...steady(60), ...steady(60, 200 * second)]), false);
    expect(course.values.filter((value) => value === null)).toHaveLength(1);
    expect(doubts(course)).toEqual([{ from: 129.5, to: 200, bad: true }]);
  });

  it('lets a state that is sent on change hold over any time', () => {
    const course = courseOf(history([0, second, 2 * second, 900 * second]), true);
    expect(course.values).toEqual([1, 1, 1, 1]);
    expect(columnsUntil(course, 950 * second)[0].at(-1)).toBe(950);
  });

  it('never draws a bad sample, whatever number it carries, and joins neighbouring bad ones into one stretch', () => {
    const course = courseOf({ times: steady(5), values: [1, 2, 3, 4, 5], quality: [0, 130, 129, 66, 0] }, false);
    expect(course.values).toEqual([1, null, null, 4, 5]);
    expect(doubts(course)).toEqual([
      { from: 1, to: 3, bad: true },
      { from: 3, to: 4, bad: false },
    ]);
    expect(summary(course)).toEqual({ low: 1, mean: 10 / 3, high: 5 });
    expect(columnsUntil({ times: [1], values: [null], quality: [130] }, 9 * second)[0]).toEqual([1]);
  });

  it('takes only newer samples and lets go of what left the span', () => {
    const course = courseOf(history(steady(100)), false);
    expect(extendCourse(course, 99 * second, 2, Quality.good, 60 * second)).toBe(false);
    expect(extendCourse(course, 120 * second, 2, Quality.good, 60 * second)).toBe(true);
    expect(course.times[0]).toBeGreaterThanOrEqual(59);
    expect(course.times).toHaveLength(course.values.length);
    expect(course.values.at(-1)).toBe(2);
  });
});

describe('the course of a platform', () => {
  const sink = { id: 'city', sink: 'mqtt-json', endpoint: '', state: 'online', lastError: '', oldestPendingMs: 0 };
  const empty = { times: [], pending: [], events: [], values: [] };
  const courseAfter = (figures: readonly (readonly [atS: number, forwarded: number, pending: number])[]) =>
    figures.reduce(
      (course, [atS, forwarded, pending]) => extendSinkCourse(course, { ...sink, forwarded, pending }, atS * 1000),
      empty as SinkCourse,
    );

  it('tells the rate of the last minute, not of all the time that it knows', () => {
    const course = courseAfter([
      [0, 0, 0],
      [100, 1_000, 0],
      [130, 1_030, 2],
      [160, 1_060, 0],
    ]);
    expect(ratePerS(course.times, course.events)).toBe(1);
    expect(course.pending).toEqual([0, 0, 2, 0]);
    expect(ratePerS([5], [7])).toBeUndefined();
  });

  it('begins anew with a gateway that did, and keeps ten minutes', () => {
    expect(courseAfter([[0, 50, 0] as const, [10, 3, 0] as const]).events).toEqual([3]);
    expect(courseAfter(Array.from({ length: 300 }, (_, at) => [at * 5, at, 0] as const)).times).toHaveLength(121);
  });
});

describe('cells from a spreadsheet', () => {
  const cell = fc.stringMatching(/^[a-z0-9]{0,4}$/);
  const rowOf = (width: number) => fc.array(cell, { minLength: width, maxLength: width });

  it('lie over a table from a cell on, add the rows that it lacks, and touch nothing else', () => {
    const given = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        cells: fc.array(rowOf(width), { minLength: 2, maxLength: 6 }),
        block: fc.array(rowOf(2), { minLength: 1, maxLength: 6 }),
        row: fc.nat(4),
        column: fc.nat(width - 1),
        ends: fc.constantFrom('\n', '\r\n'),
      }),
    );
    fc.assert(
      fc.property(given, ({ cells, block, row: wanted, column, ends }) => {
        const row = 1 + (wanted % (cells.length - 1));
        const next = pasted(cells, row, column, block.map((own) => `${own.join('\t')}${ends}`).join(''));
        expect(next).toHaveLength(Math.max(cells.length, row + block.length));
        next.forEach((own, down) => {
          expect(own).toHaveLength(cells[0]!.length);
          own.forEach((text, right) => {
            expect(text).toBe(block[down - row]?.[right - column] ?? cells[down]?.[right] ?? '');
          });
        });
      }),
    );
  });
});

describe('the name of a state', () => {
  it('is told in the language of the page, whichever the point table has; another stands as it is', () => {
    expect([stateWord('运行', 'en'), stateWord('运行', 'zh')]).toEqual(['Running', '运行']);
    expect([stateWord('stopped', 'zh'), stateWord('Stopped', 'en')]).toEqual(['停', 'Stopped']);
    expect([stateWord('二号位', 'en'), stateWord('Pos 2', 'zh')]).toEqual(['二号位', 'Pos 2']);
  });

  it('is known in English of every state of the demo', () => {
    const folder = 'examples/demo/points';
    const tables = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
    const names = new Set(tables.flatMap((text) => [...text.matchAll(/\d=([^;,"]+)/g)].map(([, name = '']) => name)));
    expect(names.size).toBeGreaterThan(30);
    expect([...names].filter((name) => /\p{Script=Han}/u.test(stateWord(name, 'en')))).toEqual([]);
  });
});
