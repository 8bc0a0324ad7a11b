import { mkdir, mkdtemp, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTableFiles, type SheetChoice } from '../../edge/config/point-table-file.ts';
import { formatProblem } from '../../edge/config/problem.ts';
import { xlsxBytes } from '../../edge/config/table-output.ts';
import { repack, unpack } from '../../edge/config/xlsx-archive.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-tables-'));
});

async function read(content: string | Uint8Array, choice: SheetChoice & { ignoreColumns?: boolean } = {}) {
  const file = join(folder, 'table');
  await writeFile(file, content);
  const formats: string[] = [];
  const table = await readTableFiles([file], choice, {
    ignoreColumns: choice.ignoreColumns ?? false,
    opened: (_, format) => formats.push(format),
  });
  return { rows: table.rows.map(({ row }) => row), problems: table.problems, places: table.rows, format: formats[0] };
}

/** Told without the folder, as a person would read it. */
const told = (problems: Awaited<ReturnType<typeof read>>['problems']) =>
  problems.map((problem) => formatProblem({ ...problem, file: 't' }));

const zh = '点名,寄存器区,地址,数据类型,单位,描述\n进水压力,保持寄存器,0,float32,MPa,一号泵房\n';
/** 点名,地址,描述 / a,1,水压 / as Windows in China saves it. */
const gbk = Buffer.from('b5e3c3fb2cb5d8d6b72cc3e8caf60a612c312ccbaed1b90a', 'hex');

describe('the text of a CSV file', () => {
  it.each([
    ['UTF-8', Buffer.from(zh), 'UTF-8'],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${zh}`), 'UTF-8'],
    ['UTF-16, little-endian', Buffer.from(`\uFEFF${zh}`, 'utf16le'), 'UTF-16'],
    ['UTF-16, big-endian', Buffer.from(`\uFEFF${zh}`, 'utf16le').swap16(), 'UTF-16'],
  ])('is understood in %s', async (_, bytes, encoding) => {
    const { rows, problems, format } = await read(bytes);
    expect(problems).toEqual([]);
    expect(format).toBe(`${encoding}, separated by commas`);
    expect(rows).toMatchObject([{ tag: '进水压力', table: 'holding', description: '一号泵房' }]);
  });

  it('is understood in GB18030, the code page of Windows in China', async () => {
    const { rows, problems, format } = await read(gbk);
    expect(problems).toEqual([]);
    expect(format).toBe('GB18030, separated by commas');
    expect(rows).toEqual([{ tag: 'a', address: 1, description: '水压' }]);
  });

  it('is not taken for GB18030 when one line of UTF-8 is damaged, and the line is named', async () => {
    const lines = [zh, '出水压力,保持寄存器,2,float32,MPa,', '液位,保持寄存器,4,float32,m,'].join('').split('\n');
    const bytes = Buffer.from(lines.join('\n'));
    bytes[bytes.indexOf('一号')] = 0x41;
    const { rows, problems } = await read(bytes);
    expect(rows).toEqual([]);
    expect(told(problems)).toEqual([
      expect.stringMatching(/neither UTF-8 nor GB18030 \(line 2\) \[LL-POINTS-FORMAT\]/),
    ]);
  });

  it.each([
    ['cut off inside a character', Buffer.concat([gbk, Buffer.from([0xcb])]), /neither UTF-8 nor GB18030 \(line 3\)/],
    ['UTF-16 with half a character', Buffer.from([0xff, 0xfe, 0x61, 0, 0x62]), /marked as UTF-16, but is damaged/],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]), /neither text nor an \.xlsx workbook/],
    ['an .xls file', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls file or has a password/],
    ['quotes that do not match', 'tag,unit\na,"x\nb,y\n', /the quotes do not match at line/],
    ['nothing', '', /the table is empty/],
  ])('is refused when it is %s', async (_, bytes, why) => {
    const { rows, problems } = await read(bytes);
    expect(rows).toEqual([]);
    expect(told(problems)).toEqual([expect.stringMatching(why)]);
  });

  it.each([',', ';', '\t'])('may be separated by %j, which the header tells', async (separator) => {
    const text = [
      ['tag', 'unit', 'states', 'description'],
      ['a', 'm3/h', '"0=停;1=开"', '"x, y"'],
    ];
    const { rows, problems } = await read(text.map((row) => row.join(separator)).join('\n'));
    expect(problems).toEqual([]);
    expect(rows).toEqual([{ tag: 'a', unit: 'm3/h', states: { 0: '停', 1: '开' }, description: 'x, y' }]);
  });

  it('has lines as editors count them, across line breaks inside cells', async () => {
    const { problems, rows } = await read('tag,description,address\n\na,"one\ntwo",1\nb,x,far\n');
    expect(rows).toEqual([{ tag: 'a', description: 'one two', address: 1 }]);
    expect(problems).toMatchObject([{ line: 5, column: 3, path: 'address' }]);
  });
});

describe('names of columns and words of cells', () => {
  it('are those that PLC suppliers and SCADA systems use', async () => {
    const { rows, problems } = await read(
      [
        '某泵站点表,,,,,,',
        '变量名,寄存器类型,寄存器地址,变量类型,字节顺序,读写属性,备注',
        'p1,4区,100,浮点,3412,只读,进水压力',
        'n1,保持寄存器,102,DINT,1234,R/W,转速',
        ',,,,,,',
      ].join('\n'),
    );
    expect(problems).toEqual([]);
    expect(rows).toEqual([
      {
        tag: 'p1',
        table: 'holding',
        address: 100,
        type: 'float32',
        order: 'cdab',
        writable: false,
        description: '进水压力',
      },
      { tag: 'n1', table: 'holding', address: 102, type: 'int32', order: 'abcd', writable: true, description: '转速' },
    ]);
  });

  it('are asked about where they could mean two things', async () => {
    const { problems } = await read('名称,点名,类型\nx,a,整型\n');
    expect(told(problems)).toEqual([expect.stringContaining('"点名" and "名称" both mean "tag"')]);
    const { problems: wide } = await read('点名,类型\na,整型\n');
    expect(told(wide)).toEqual([expect.stringMatching(/^t:2:2 type: .*int16 \(one register\) or int32 \(two\)\?$/)]);
  });

  it('that are not known are refused with the nearest, unless they are to be ignored', async () => {
    const text = 'tag,adress,品牌\na,1,某厂\n';
    const { rows, problems } = await read(text);
    expect(rows).toEqual([]);
    expect(problems).toMatchObject([
      { code: 'LL-POINTS-HEADER', line: 1, column: 2, fix: 'did you mean "address"?' },
      { code: 'LL-POINTS-HEADER', line: 1, column: 3 },
    ]);
    const ignoring = await read(text, { ignoreColumns: true });
    expect(ignoring.problems).toEqual([]);
    expect(ignoring.rows).toEqual([{ tag: 'a' }]);
  });

  it('never hide a cell that holds an error of a formula or broken text', async () => {
    const { rows, problems } = await read('tag,scale,unit,description\na,#REF!,#N/A,ok\nb,,,caf\uFFFD\n');
    expect(rows).toEqual([]);
    expect(problems.map(({ line, path }) => [line, path])).toEqual([
      [2, 'scale'],
      [2, 'unit'],
      [3, 'description'],
    ]);
  });
});

describe('a workbook', () => {
  const header = ['点名', '寄存器区', '地址', '单位'];

  it('is read sheet by sheet, and a bad cell is told by sheet, row and column', async () => {
    const bytes = await xlsxBytes([
      { name: '一号泵站', cells: [header, ['p1', 'holding', 0, 'MPa'], ['007', 'holding', 2, 'MPa']] },
      { name: '二号泵站', cells: [header, ['p2', 'holding', 4, 'MPa'], ['p3', 'holdin', 70_000, 'MPa']] },
    ]);
    const { rows, problems, format } = await read(bytes);
    expect(format).toBe('XLSX');
    expect(rows.map(({ tag }) => tag)).toEqual(['p1', '007', 'p2']);
    expect(told(problems)).toEqual([
      expect.stringMatching(/^t:二号泵站!B3 table: "holdin" in column "table" .* did you mean "holding"\?$/),
      expect.stringMatching(/^t:二号泵站!C3 address: "70000"/),
    ]);
    expect(problems[0]).toMatchObject({ sheet: '二号泵站', line: 3, column: 2 });
  });

  it('gives the sheet that is asked for, or the one named like the device', async () => {
    const bytes = await xlsxBytes([
      {
        name: '说明',
        cells: [
          ['版本', '日期'],
          ['1', '2026'],
        ],
      },
      { name: 'ps-1', cells: [header, ['p1', 'holding', 0, 'MPa']] },
      { name: 'ps-2', cells: [header, ['p2', 'holding', 0, 'MPa']] },
    ]);
    expect((await read(bytes, { sheet: 'ps-2' })).rows).toMatchObject([{ tag: 'p2' }]);
    expect((await read(bytes, { device: 'ps-1' })).rows).toMatchObject([{ tag: 'p1' }]);
    const all = await read(bytes, { device: 'ps-7' });
    expect(all.problems.some(({ sheet, code }) => sheet === '说明' && code === 'LL-POINTS-HEADER')).toBe(true);
    const { problems } = await read(bytes, { sheet: 'ps-22' });
    expect(told(problems)).toEqual([expect.stringContaining('no sheet "ps-22"; did you mean "ps-2"?')]);
  });

  it('names a tag once over all its sheets', async () => {
    const sheet = (name: string) => ({ name, cells: [['tag'], ['p1']] });
    const { problems } = await read(await xlsxBytes([sheet('甲'), sheet('乙')]));
    expect(told(problems)).toEqual([
      expect.stringMatching(/^t:乙!A2 tag: tag "p1" stands already in row 2 of sheet "甲"/),
    ]);
  });

  it.each([0.3, 0.9, 0.999])('that is cut off at %d of its length is refused', async (share) => {
    const bytes = await xlsxBytes([{ name: 'a', cells: [header, ['p1', 'holding', 0, 'MPa']] }]);
    const { rows, problems } = await read(bytes.subarray(0, Math.floor(bytes.length * share)));
    expect(rows).toEqual([]);
    expect(told(problems)).toEqual([expect.stringMatching(/the workbook is damaged or cut off.*\[LL-POINTS-FORMAT\]/)]);
  });

  it('with any byte changed is read as it was, or refused', async () => {
    const bytes = await xlsxBytes([{ name: 'a', cells: [header, ['p1', 'holding', 0, 'MPa']] }]);
    const { rows: whole } = await read(bytes);
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const { rows, problems } = await read(changed);
      if (problems.length === 0) expect(rows).toEqual(whole);
      else refused += 1;
    }
    expect(refused).toBeGreaterThan(bytes.length / 14);
  });
});

/** A workbook of one sheet with this XML in its `sheetData`. */
async function sheetOf(rows: string): Promise<Buffer> {
  const parts = new Map(unpack(await xlsxBytes([{ name: 'a', cells: [['tag'], ['x']] }])));
  parts.set('xl/worksheets/sheet1.xml', Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`));
  return repack(parts);
}
const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
const head = `<row r="1">${text('A1', 'tag')}${text('B1', 'scale')}</row>`;

describe('a workbook from strangers', () => {
  it('that unpacks to more than is allowed is refused before it does', async () => {
    const zeros = Buffer.alloc(200 * 1024 * 1024);
    const packed = deflateRawSync(zeros, { level: 9 });
    expect(packed.length).toBeLessThan(1024 * 1024);
    const bomb = declareDeflated(repack(new Map([['xl/workbook.xml', packed]])), 1);
    const { problems } = await read(bomb);
    expect(told(problems)).toEqual([expect.stringMatching(/unpacks to more than 128 MB .*\[LL-POINTS-LIMIT\]/)]);
  });

  it.each([
    ['a row far down', `${head}<row r="4000000000"/>`, '4000000000'],
    ['a cell far to the right', `${head}<row r="2"><c r="XFD2"><v>1</v></c></row>`, 'XFD2'],
    ['a column of many letters', `${head}<row r="2"><c r="ZZZZZZZZ2"><v>1</v></c></row>`, 'ZZZZZZZZ2'],
    ['a place behind a prefix', `${head}<row x:r="1e9"/>`, '1e9'],
    ['a place behind entities', `${head}<row r="&#57;99999999"/>`, '&#57;99999999'],
  ])('with %s is refused before memory is taken for the gap', async (_, rows, place) => {
    const { problems } = await read(await sheetOf(rows));
    expect(told(problems)).toEqual([expect.stringContaining(`sheet "a" reaches to ${place}`)]);
  });

  it('never has its formulas worked out: the saved result counts, an error or none at all is refused', async () => {
    const formula = (at: string, kind: string, value: string) => `<c r="${at}"${kind}><f>1+1</f>${value}</c>`;
    const rows = [
      formula('B2', '', '<v>2</v>'),
      formula('B3', ' t="e"', '<v>#DIV/0!</v>'),
      formula('B4', '', ''),
      '<c r="B5" s="0"/>',
    ].map((cell, index) => `<row r="${index + 2}">${text(`A${index + 2}`, `p${index}`)}${cell}</row>`);
    const { rows: read2, problems } = await read(await sheetOf(head + rows.join('')));
    expect(read2).toEqual([{ tag: 'p0', scale: 2 }, { tag: 'p3' }]);
    expect(told(problems)).toEqual([
      expect.stringMatching(/^t:a!B3 scale: "#DIV\/0!" .*the formula has no result/),
      expect.stringMatching(/^t:a!B4 scale: .*the formula has no result/),
    ]);
  });

  it('with a date where the spreadsheet made one of `3-1` says so', async () => {
    const parts = new Map(unpack(await xlsxBytes([{ name: 'a', cells: [['tag'], ['x']] }])));
    parts.set('xl/styles.xml', Buffer.from('<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>'));
    const rows = `<row r="1">${text('A1', 'tag')}</row><row r="2"><c r="A2" s="0"><v>46082</v></c></row>`;
    parts.set('xl/worksheets/sheet1.xml', Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`));
    const { problems } = await read(repack(parts));
    expect(told(problems)).toEqual([
      expect.stringMatching(/^t:a!A2 tag: .*the date 2026-03-01.*format the column as text/),
    ]);
  });

  it('may not be larger, longer or wider than the limits', async () => {
    const file = join(folder, 'large.csv');
    await writeFile(file, 'tag\n');
    await truncate(file, 33 * 1024 * 1024);
    expect((await readTableFiles([file], {})).problems).toMatchObject([{ code: 'LL-POINTS-LIMIT' }]);
    const tags = Array.from({ length: 50_001 }, (_, index) => `p${index}`);
    const { problems: long } = await read(['tag', ...tags].join('\n'));
    expect(long).toMatchObject([{ code: 'LL-POINTS-LIMIT' }]);
    const { problems: wide } = await read(`tag${',x'.repeat(256)}\na\n`);
    expect(wide).toMatchObject([{ code: 'LL-POINTS-LIMIT' }]);
    const { problems: cell } = await read(`tag,description\na,${'x'.repeat(2001)}\n`);
    expect(told(cell)).toEqual([expect.stringMatching(/shorten it to 2000 characters$/)]);
    await mkdir(join(folder, 'd'));
    await expect(readTableFiles([join(folder, 'd')], {})).rejects.toThrow('it is no regular file');
  });

  it('with 50,000 rows is read whole, from CSV and from XLSX', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => [`测点${index}`, 'holding', index % 65_536]);
    const cells = [['点名', '寄存器区', '地址'], ...rows];
    const { rows: fromCsv, problems } = await read(cells.map((row) => row.join(',')).join('\n'));
    expect(problems).toEqual([]);
    const fromXlsx = await read(await xlsxBytes([{ name: 'a', cells }]));
    expect(fromXlsx.problems).toEqual([]);
    expect(fromXlsx.rows).toEqual(fromCsv);
    expect(fromCsv).toHaveLength(50_000);
  }, 60_000);
});

/** Declares the only entry of a stored archive as deflated, of so many bytes. */
function declareDeflated(archive: Buffer, bytes: number): Buffer {
  const changed = Buffer.from(archive);
  for (const [signature, method, size] of [
    ['PK\x03\x04', 8, 22],
    ['PK\x01\x02', 10, 24],
  ] as const) {
    const at = changed.lastIndexOf(Buffer.from(signature, 'latin1'));
    changed.writeUInt16LE(8, at + method);
    changed.writeUInt32LE(bytes, at + size);
  }
  return changed;
}
