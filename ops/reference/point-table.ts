import { pointTypes, wordOrders } from '../../drivers/api.ts';
import { columns, unsupportedColumns } from '../../edge/config/point-columns.ts';
import { head, type Page, table } from './page.ts';

const introduction = `A point table (点表) is a CSV file in UTF-8 with one row per point and one header row. Headers are the English keys or the
Chinese names below, in any order; only \`tag\` must be there. An empty cell means its default. \`lifeline check\` names every cell that
cannot be understood by row and column.`;

const list = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');

/** The page of every column of a point table. */
export const pointTablePage: Page = {
  file: 'ops/docs/reference/point-table.md',
  async render() {
    const rows = columns.map(({ key, zh, describe }) => [`\`${key}\``, zh, describe]);
    const later = Object.entries(unsupportedColumns).map(([key, zh]) => [`\`${key}\``, zh]);
    return [
      head('Point table', 'the columns in edge/config/point-columns.ts', introduction),
      table(['Column', 'Chinese header', 'Holds'], rows),
      `Types: ${list(pointTypes)}.\n`,
      `Byte orders, as seen on the wire: ${list(wordOrders)}. 16-bit types use the first two.\n`,
      '## Not in this version\n',
      'These columns may stand in a table, but a filled cell is an error (`LL-POINTS-UNSUPPORTED`): nothing is silently ignored.\n',
      table(['Column', 'Chinese header'], later),
    ].join('\n');
  },
};
