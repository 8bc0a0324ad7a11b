import { pointTypes, wordOrders } from '../../drivers/api.ts';
import { cellAliases, columnAliases } from '../../edge/config/column-aliases.ts';
import { columns } from '../../edge/config/point-columns.ts';
import { tableLimits, titleRows } from '../../edge/config/table-cells.ts';
import { head, type Page, table } from './page.ts';

const introduction = `A point table (点表) is a CSV or XLSX file with one row per point and one header row. Headers are the English keys or the
Chinese names below, in any order; only \`tag\` must be there. An empty cell means its default. \`lifeline check\` names every cell that
cannot be understood by sheet, row and column.

CSV may be UTF-8, UTF-16 or GB18030 (GBK), separated by commas, semicolons or tabs. Of a workbook the sheet named like the device is read, or else
every sheet that is not empty; formulas are not worked out, their saved result counts. The header is looked for in the first ${titleRows} rows. At most
${tableLimits.rows} rows, ${tableLimits.columns} columns, ${tableLimits.cellLength} characters in a cell, ${tableLimits.fileBytes / 1024 / 1024} MB.`;

const list = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');

const otherNames = Object.entries(columnAliases).map(([key, names]) => {
  const words = Object.entries(cellAliases[key] ?? {}).map(([word, meaning]) => `${word} = ${meaning}`);
  return [`\`${key}\``, names.join(', '), words.join(', ') || '–'];
});

const packings = `\`bcd16\` and \`bcd32\` hold four or eight decimal digits; \`mod10k48\` and \`mod10k64\` hold four digits a register, the least
significant first; \`exponent-uint24\` and \`exponent-int24\` a byte of decimal exponent and 24 bits of mantissa; \`mantissa-exponent32\` a register of
each; \`time-unix32\` seconds since 1970 and \`time-bcd48\` YYMMDDhhmmss in packed digits, both shown as a time (ms since epoch). Registers that hold no such
value (a digit above 9, a 13th month) are bad quality \`device\`. \`string-ascii\`, \`string-utf8\` and \`string-gbk\` are texts of \`length\` registers, two
bytes each, ended by the first zero byte or by blanks; of the byte order only the swap inside a register counts. A text has no scale, range or role.

An OPC UA node has a data type of its own, and the type here says only what is made of it: a number, a time (\`time-unix32\`) or a text
(\`string-utf8\`, without \`length\`).\n`;

/** The page of every column of a point table. */
export const pointTablePage: Page = {
  file: 'ops/docs/reference/point-table.md',
  async render() {
    const rows = columns.map(({ key, zh, describe }) => [`\`${key}\``, zh, describe]);
    return [
      head('Point table', 'the columns in edge/config/point-columns.ts', introduction),
      table(['Column', 'Chinese header', 'Holds'], rows),
      `Types: ${list(pointTypes)}.\n`,
      packings,
      `Byte orders, as seen on the wire: ${list(wordOrders)}. 16-bit types use the first two.\n`,
      '## Other names\n',
      'Names and words of PLC suppliers and SCADA systems that are understood too:\n',
      table(['Column', 'Also called', 'Words in its cells'], otherNames),
      'What is common, but could mean two things (整型, 小端), is an error that asks.\n',
    ].join('\n');
  },
};
