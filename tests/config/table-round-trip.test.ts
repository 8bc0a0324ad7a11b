import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { pointTables, pointTypes, wordOrders } from '../../drivers/api.ts';
import { csvCells } from '../../edge/config/csv-cells.ts';
import { columns } from '../../edge/config/point-columns.ts';
import { readPointTable } from '../../edge/config/point-table.ts';
import { readTableFiles } from '../../edge/config/point-table-file.ts';
import {
  csvBytes,
  type HeaderLanguage,
  type OutputCells,
  pointCells,
  xlsxBytes,
} from '../../edge/config/table-output.ts';

/** Text as people and attackers put it into cells. */
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'=+-@\'"＝,;_x0041 \t\n#压'), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(
    '=HYPERLINK("http://x")',
    "'=1+1",
    '-1',
    '007',
    '1-2',
    'TRUE',
    '_x0041_',
    '1e5',
    '点,名',
    "''@x",
    'constructor',
    '__proto__',
  ),
);
const number = fc.oneof(fc.integer({ min: -1e9, max: 1e9 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const cell = {
  table: fc.constantFrom(...pointTables, '保持寄存器'),
  address: fc.integer({ min: 0, max: 65_535 }),
  bit: fc.integer({ min: 0, max: 15 }),
  node: word,
  type: fc.constantFrom(...pointTypes),
  order: fc.constantFrom(...wordOrders, '3412'),
  scale: number,
  offset: number,
  unit: word,
  rawLow: number,
  rawHigh: number,
  unitId: fc.integer({ min: 0, max: 255 }),
  low: number,
  high: number,
  length: fc.integer({ min: 1, max: 60 }),
  deadband: number,
  group: fc.oneof(
    fc.integer({ min: 50, max: 3_600_000 }).map((ms) => `${ms}ms`),
    fc.constantFrom('1s', '0.25s', '5min', '1h'),
  ),
  states: fc
    .array(fc.tuple(fc.integer({ min: -3, max: 9 }), word), { minLength: 1, maxLength: 3 })
    .map((states) => states.map(([value, name]) => `${value}=${name}`).join(';')),
  asset: word,
  role: word,
  writable: fc.constantFrom('是', 'no', 'R/W'),
  class: word,
  description: word,
};
it('every column is among those that are tried', () => {
  expect(Object.keys(cell).sort()).toEqual(
    columns
      .map(({ key }) => key)
      .filter((key) => key !== 'tag')
      .sort(),
  );
});

const row = fc.record({ tag: word, ...cell }, { requiredKeys: ['tag'] });

/** What a foreign table makes of random cells: the rows that can be read. */
const readable = (rows: readonly Readonly<Record<string, unknown>>[]) => {
  const keys = ['tag', ...Object.keys(cell)];
  const cells = rows.map((row) => keys.map((key) => String(row[key] ?? '')));
  const sheet = { file: 't', rows: [keys, ...cells].map((cells, index) => ({ line: index + 1, cells })) };
  return readPointTable([sheet]).rows.map(({ row }) => row);
};

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-round-trip-'));
});

async function reread(bytes: Buffer) {
  const file = join(folder, 'table');
  await writeFile(file, bytes);
  const { rows, problems } = await readTableFiles([file], {});
  expect(problems).toEqual([]);
  return rows.map(({ row }) => row);
}

it.each<[string, (cells: OutputCells) => Buffer | Promise<Buffer>, HeaderLanguage, number]>([
  ['CSV', csvBytes, 'zh', 400],
  ['CSV', csvBytes, 'en', 400],
  ['XLSX', (cells) => xlsxBytes([{ name: '表', cells }]), 'zh', 150],
  ['XLSX', (cells) => xlsxBytes([{ name: 'a', cells }]), 'en', 150],
])(
  'any table comes back from %s as it went out (%#)',
  async (_, bytes, language, numRuns) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (random) => {
        const rows = readable(random);
        fc.pre(rows.length > 0);
        const again = await reread(await bytes(pointCells(rows, language)));
        expect(again).toEqual(rows);
        compared += rows.length;
      }),
      { numRuns },
    );
    expect(compared).toBeGreaterThan(numRuns);
  },
  60_000,
);

it('no text cell of a CSV begins as a formula, and no number is touched', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (random) => {
      const rows = readable(random);
      const written = csvCells(csvBytes(pointCells(rows, 'en')).toString('utf8').slice(1)).rows;
      for (const { cells } of written)
        for (const text of cells) if (/^[=+\-@＝＋－＠]/u.test(String(text))) expect(Number(text)).not.toBeNaN();
    }),
  );
});
