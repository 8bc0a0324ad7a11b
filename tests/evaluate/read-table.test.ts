import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ColumnStore } from '../../edge/evaluate/column-store.ts';
import { numberIn } from '../../edge/evaluate/csv/number-cell.ts';
import { timeText } from '../../edge/evaluate/csv/time-cell.ts';
import { readTable } from '../../edge/evaluate/read-table.ts';
import type { Table } from '../../edge/evaluate/table.ts';

async function* chunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string | Buffer, options: { time?: string; label?: string } = {}, size = 7): Promise<Table> =>
  readTable('plant.csv', chunks(Buffer.from(text as string), size), options);

const column = (table: Table, name: string) => [...table.store.slice(table.names.indexOf(name), 0, table.store.rows)];
const times = ({ times: of, timeFormat }: Table) => [...(of ?? [])].map((time) => timeText(time, timeFormat!));

describe('a CSV export', () => {
  it('is read with comma, semicolon or tab, with and without a byte order mark', async () => {
    for (const separator of [',', ';', '\t', '|'])
      for (const mark of ['', '\ufeff']) {
        const table = await read(`${mark}a${separator}b\n1${separator}2.5\r\n3${separator}-4e2\n`);
        expect(table.names).toEqual(['a', 'b']);
        expect(column(table, 'a')).toEqual([1, 3]);
        expect(column(table, 'b')).toEqual([2.5, -400]);
      }
  });

  it('may have decimal commas between semicolons', async () => {
    expect(column(await read('a;b\n1,5;2\n-0,25;3\n'), 'a')).toEqual([1.5, -0.25]);
  });

  it.each([
    ['2016-01-02 03:04:05', '2016-01-02T03:04:05'],
    ['2016-01-02T03:04:05.250Z', '2016-01-02T03:04:05.250Z'],
    ['2016-01-02T11:04:05+08:00', '2016-01-02T03:04:05Z'],
    ['2016/1/2 3:04', '2016-01-02T03:04:00'],
    ['28/12/2015 10:00:00 AM', '2015-12-28T10:00:00'],
    ['28/12/2015 12:30:00 PM', '2015-12-28T12:30:00'],
    ['12/28/2015 12:30:00 AM', '2015-12-28T00:30:00'],
    ['1451703845', '2016-01-02T03:04:05Z'],
    ['1451703845000', '2016-01-02T03:04:05Z'],
  ])('knows the time %s', async (text, written) => {
    expect(times(await read(`Timestamp,a\n${text},1\n${text},2\n`))).toEqual([written, written]);
  });

  it('has no time column when none looks like one', async () => {
    const table = await read('a,b\n1,2\n3,4\n');
    expect(table.times).toBeUndefined();
    expect(table.names).toEqual(['a', 'b']);
  });

  it('takes an empty cell, NaN, null and - for missing, without a word', async () => {
    const table = await read('a,b\n1,2\n,3\nNaN,4\nnull,5\n-,6\n');
    expect(column(table, 'a')).toEqual([1, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(table.warnings).toEqual([]);
  });

  it('names bad cells by line and column, and counts those it does not name', async () => {
    const rows = Array.from({ length: 20 }, (_, row) => `${row},${row % 2 === 0 ? row : 'Bad Input'}`);
    const { warnings } = await read(`a,b\n0,1\n0,2\n${rows.join('\n')}\n1,2,3\n`);
    expect(warnings[0]?.message).toContain('line 5, column 2 "b": "Bad Input" is no number');
    expect(warnings.every(({ code }) => code === 'LL-EVALUATE-CELL')).toBe(true);
    expect(warnings.at(-1)?.message).toContain('6 more');
  });

  it('says that nothing parts the rows where a separator is none that is known', async () => {
    await expect(read('time a b\n2024-03-01T00:00 1 2\n2024-03-01T00:01 1 3\n')).rejects.toMatchObject({
      code: 'LL-EVALUATE-SEPARATOR',
    });
    await expect(read('flow\n1\n2\n')).resolves.toMatchObject({ names: ['flow'] });
  });

  it('reads quoted cells with separators, quotes and newlines in them', async () => {
    const table = await read('"a, flow","b ""x"""\n"1","2"\n"3\n",4\n5,6\n');
    expect(table.names).toEqual(['a, flow', 'b "x"']);
    expect(column(table, 'a, flow')).toEqual([1, 3, 5]);
  });

  it('makes states of words, and has no use for prose', async () => {
    const rows = Array.from({ length: 80 }, (_, row) => `${row % 2 ? 'open' : 'closed'},note ${row}`);
    const table = await read(`valve,remark\n${rows.join('\n')}\n`);
    expect(table.words[0]).toEqual(['closed', 'open']);
    expect([...table.prose]).toEqual(['remark']);
  });

  it('says that units in the cells make figures unreadable', async () => {
    const rows = Array.from({ length: 80 }, (_, row) => `${row / 4} m³/h,remark ${row}`);
    const { warnings } = await read(`flow,remark\n${rows.join('\n')}\n`);
    expect(warnings.map(({ message }) => message)).toEqual([
      'read plant.csv: column "flow": "0 m³/h" and the like are no numbers',
    ]);
  });

  it('is read in GBK too', async () => {
    const gbk = Buffer.concat([Buffer.from([0xca, 0xb1, 0xbc, 0xe4]), Buffer.from(',a\n2020-01-01 00:00:00,1\n')]);
    const table = await read(gbk);
    expect(table.names).toEqual(['a']);
    expect(times(table)).toEqual(['2020-01-01T00:00:00']);
  });

  it('may lack a header', async () => {
    const table = await read('1,2\n3,4\n');
    expect(table.names).toEqual(['column-1', 'column-2']);
    expect(table.store.rows).toBe(2);
  });

  it('keeps columns of the same name apart, and says so', async () => {
    const table = await read('a,a\n1,2\n3,4\n');
    expect(table.names).toEqual(['a', 'a#2']);
    expect(table.warnings.map(({ code }) => code)).toEqual(['LL-EVALUATE-COLUMN']);
  });

  it('takes the label out, whether written 0/1, words, or 1 and −1', async () => {
    for (const [normal, fault] of [
      ['0', '1'],
      ['Normal', 'Attack'],
      ['1', '-1'],
    ]) {
      const table = await read(`a,truth\n1,${normal}\n2,${fault}\n3,${normal}\n`, { label: 'truth' });
      expect(table.names).toEqual(['a']);
      expect([...table.labels!]).toEqual([0, 1, 0]);
    }
  });

  it.each([
    ['', 'LL-EVALUATE-EMPTY'],
    ['a,b\n', 'LL-EVALUATE-EMPTY'],
    ['a\0b', 'LL-EVALUATE-READ'],
  ])('is refused with a code when it is %j', async (text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code });
  });

  it('is refused when a named column is not there, with what was meant', async () => {
    await expect(read('time,flow\n1,2\n', { label: 'flwo' })).rejects.toMatchObject({
      code: 'LL-EVALUATE-COLUMN',
      message: expect.stringContaining('did you mean "flow"'),
    });
    await expect(read('when,flow\nsoon,2\nlater,3\n', { time: 'when' })).rejects.toMatchObject({
      code: 'LL-EVALUATE-TIME',
    });
  });

  it('gives the same table however it is cut into chunks', async () => {
    const text = 'time,a,"b"\n2020-01-01 00:00:00,1.25,"x"\r\n2020-01-01 00:00:01,,y\n';
    const whole = await read(text, {}, 1000);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (size) => {
        const table = await read(text, {}, size);
        expect(column(table, 'a')).toEqual(column(whole, 'a'));
        expect(times(table)).toEqual(times(whole));
        expect(table.words).toEqual(whole.words);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a number', () => {
  it('is read from bytes as JavaScript reads it from text', () => {
    const figure = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
    fc.assert(
      fc.property(figure, (value) => {
        const bytes = Buffer.from(` ${value} `);
        const found = numberIn(bytes, 0, bytes.length, 46);
        expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value) + 1e-290);
      }),
    );
  });

  it.each(['', '-', '1.2.3', '1,2', '1e', 'e5', '0x10', 'Infinity', '1 2'])('is not %j', (text) => {
    const bytes = Buffer.from(text);
    expect(numberIn(bytes, 0, bytes.length, 46)).toBeNaN();
  });
});

describe('a store of columns', () => {
  it('gives back what it took, over many blocks, and keeps the digits of large counters', () => {
    const store = new ColumnStore(3);
    const rows = 1_000_000;
    const row = new Float64Array(3);
    for (let at = 0; at < rows; at++) {
      row[0] = 1e12 + at;
      row[1] = at % 3 === 0 ? Number.NaN : at / 4;
      row[2] = 7;
      store.append(row);
    }
    for (let at = 0; at < rows; at += 9973) {
      expect(store.value(0, at)).toBe(1e12 + at);
      expect(store.value(1, at)).toBe(at % 3 === 0 ? Number.NaN : at / 4);
      expect(store.value(2, at)).toBe(7);
    }
  });
});
