import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf } from '../../edge/console/web/src/course.ts';
import type { City, TagView } from '../../edge/console/web/src/model.ts';
import { findTags, searchable } from '../../edge/console/web/src/tag-search.ts';
import { csvOf } from '../../edge/console/web/src/trend-csv.ts';
import { truthAbout, truthOf } from '../../edge/console/web/src/truth.ts';

describe('the table of a trend', () => {
  it('says in CSV exactly what is drawn, whatever a name holds, a row for each time in their order', () => {
    const column = fc.record({
      name: fc.string({ minLength: 1 }).filter((name) => !/^[=+\-@\t]|^\s|\s$|\uFEFF/.test(name)),
      samples: fc.uniqueArray(
        fc.tuple(fc.integer({ min: 0, max: 40 }), fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }))),
        { selector: ([time]) => time },
      ),
    });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 4 }), (columns) => {
        const sorted = columns.map(({ name, samples }) => {
          const inOrder = [...samples].sort(([a], [b]) => a - b);
          return { name, times: inOrder.map(([time]) => time), values: inOrder.map(([, value]) => value) };
        });
        const [head, ...rows] = parse(csvOf(sorted)) as string[][];
        expect(head).toEqual(['time', ...columns.map(({ name }) => name)]);
        const times = [...new Set(sorted.flatMap((one) => one.times))].sort((a, b) => a - b);
        expect(rows.map(([time]) => Date.parse(time!) / 1000)).toEqual(times);
        for (const [time, ...cells] of rows) {
          const at = Date.parse(time!) / 1000;
          const expected = sorted.map((one) => String(one.values[one.times.indexOf(at)] ?? ''));
          expect(cells).toEqual(expected);
        }
      }),
    );
  });

  it('gives a spreadsheet no formula', () => {
    const head = csvOf([{ name: '=cmd()', times: [], values: [] }]).trim();
    expect(head).toBe("time,'=cmd()");
  });

  it('finds the sample that holds at a time as looking at each does', () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 })).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(times, fc.integer({ min: -5, max: 60 }), (all, time) => {
        expect(placeOf(all, time)).toBe(all.findLastIndex((one) => one <= time));
      }),
    );
  });
});

describe('the truth of a simulated city', () => {
  const line = (changes: object) =>
    JSON.stringify({
      ...{ type: 'truth', id: 'h1', affected: ['dma-3'], expectedTags: ['a/b'], text: { zh: '爆管', en: 'Burst' } },
      ...{ startMs: 1_000_000, start: '2026-01-15T04:00:00.000Z', end: '2026-01-15T04:01:00.000Z' },
      ...changes,
    });

  it('lasts on this clock as long as in the city, and ends when its last line says', () => {
    const [span] = truthOf([line({ end: null }), line({})].join('\n'));
    expect(span).toMatchObject({ id: 'h1', fromMs: 1_000_000, toMs: 1_060_000 });
    expect(truthOf(line({ end: null }))[0]?.toMs).toBeUndefined();
  });

  it('passes over whatever is no truth', () => {
    const strays = ['', '{', 'null', '[]', '{"type":"ended"}', line({ startMs: 'x' }), line({ affected: null })];
    expect(truthOf([...strays, line({ text: null })].join('\r\n'))).toEqual([]);
    fc.assert(fc.property(fc.string(), (text) => void truthOf(text)));
  });

  it('is shown where it concerns a point or its asset in the time that is looked at', () => {
    const spans = truthOf(line({}));
    const about = (tags: string[], assets: string[], fromMs: number, toMs: number) =>
      truthAbout(spans, { tags: new Set(tags), assets: new Set(assets) }, fromMs, toMs).length;
    expect(about(['a/b'], [], 0, 2_000_000)).toBe(1);
    expect(about([], ['dma-3'], 1_060_000, 2_000_000)).toBe(1);
    expect(about([], ['dma-3'], 1_060_001, 2_000_000)).toBe(0);
    expect(about(['a/c'], ['dma-4'], 0, 2_000_000)).toBe(0);
  });
});

describe('the search for a point', () => {
  const tag = (name: string, description = ''): TagView => ({
    ...{ name, device: name.split('/')[0] ?? '', unit: 'MPa', low: 0, high: 1, description, periodMs: 1000 },
  });
  const tags = [tag('ps-1/p-out', '出站压力表'), tag('dma-3/p', ''), tag('dma-3/q', 'spare')];
  const asset = { id: 'dma-3', name: '哈西分区' };
  const meaning = { name: { zh: '进口压力', en: 'Inlet pressure' }, unit: 'MPa' };
  const pointOf = new Map([['dma-3/p', { asset, role: 'pressure', meaning }]]);
  const all = searchable({ view: { tags }, pointOf } as unknown as City);
  const names = (typed: string, most = 10) => findTags(all, typed, most).map(({ name }) => name);

  it('goes by asset, quantity in both languages, tag and description, in any order and case', () => {
    expect(names('哈西')).toEqual(['dma-3/p']);
    expect(names('PRESSURE dma')).toEqual(['dma-3/p']);
    expect(names('压力')).toEqual(['ps-1/p-out', 'dma-3/p']);
    expect(names('spare')).toEqual(['dma-3/q']);
    expect(names('spare 哈西')).toEqual([]);
    expect(names('', 2)).toEqual(['ps-1/p-out', 'dma-3/p']);
  });
});
