import { pointErrors } from './errors.ts';
import { type CellFault, type CellRow, type TableCells, tableLimits, titleRows } from './table-cells.ts';
import { dateInCell, tableFixes, tableTexts } from './table-texts.ts';
import { type Archive, repack, unpack } from './xlsx-archive.ts';

/** A sheet of a workbook and the part of the archive that holds its cells. */
interface SheetPart {
  readonly name: string;
  readonly path: string;
}

/** Text that stands in for a formula whose result was not saved; spreadsheets show their own errors the same way. */
const noResult = '#RESULT!';
const emptySheet = Buffer.from('<worksheet><sheetData/></worksheet>');

/**
 * Cells of the sheets of a workbook that `chosen` picks, by name. Formulas are never worked out: their saved result
 * counts, and one without is an error like `#REF!`. Throws `LL-POINTS-FORMAT` or `LL-POINTS-LIMIT`.
 */
export async function xlsxCells(
  file: string,
  bytes: Buffer,
  chosen: (names: readonly string[]) => readonly string[],
): Promise<readonly TableCells[]> {
  const parts = new Map(unpack(bytes));
  const sheets = sheetParts(parts);
  if (sheets.length > tableLimits.sheets) throw pointErrors.create('LIMIT', tableTexts.sheets(sheets.length));
  const wanted = chosen(sheets.map(({ name }) => name));
  for (const { name, path } of sheets) {
    const part = parts.get(path);
    if (part) parts.set(path, wanted.includes(name) ? Buffer.from(readable(name, part.toString('utf8'))) : emptySheet);
  }
  // loaded only where a workbook is read: a gateway with CSV tables goes without
  const { default: readWorkbook } = await import('read-excel-file/node');
  const read = await readWorkbook(repack(parts)).catch((cause: unknown) => {
    throw pointErrors.create('FORMAT', tableTexts.unreadable, cause);
  });
  return sheets.flatMap(({ name }, index) => {
    const rows = (read[index]?.data ?? []).map((cells, row): CellRow => ({ line: row + 1, cells: cells.map(textOf) }));
    return wanted.includes(name) ? [{ file, sheet: name, rows }] : [];
  });
}

function textOf(cell: unknown): string | CellFault {
  if (cell === null) return '';
  if (!(cell instanceof Date)) return String(cell);
  const day = Number.isNaN(cell.getTime()) ? undefined : cell.toISOString().slice(0, 10);
  return { message: dateInCell(day), fix: tableFixes.asText };
}

/** Sheets in the order of the workbook (ECMA-376 part 1, 18.2.19 and 18.2.20). */
function sheetParts(parts: Archive): SheetPart[] {
  const [workbook, relations] = ['xl/workbook.xml', 'xl/_rels/workbook.xml.rels'].map((path) => {
    const part = parts.get(path);
    if (!part) throw pointErrors.create('FORMAT', tableTexts.noPart(path));
    return part.toString('utf8');
  });
  const targets = new Map(
    elements(relations ?? '', 'Relationship').map((element) => [
      attribute(element, 'Id'),
      attribute(element, 'Target'),
    ]),
  );
  return elements(workbook ?? '', 'sheet').map((element) => {
    const target = targets.get(attribute(element, 'id')) ?? '';
    return { name: attribute(element, 'name'), path: target.startsWith('/') ? target.slice(1) : `xl/${target}` };
  });
}

const elements = (xml: string, name: string): string[] =>
  xml.match(new RegExp(`<(?:\\w+:)?${name}\\s[^<>]*>`, 'g')) ?? [];

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function attribute(element: string, name: string): string {
  const match = new RegExp(`\\s(?:\\w+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(element);
  return (match?.[1] ?? match?.[2] ?? '').replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, word) => {
    if (word !== undefined) return entities[word] ?? all;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

/**
 * The XML of a sheet as the reader may have it: it fills gaps between rows and columns with empty cells, so that one cell
 * far out would take all memory, and it leaves errors of formulas out as if the cells were empty.
 */
function readable(sheet: string, xml: string): string {
  const far = farCell(xml);
  if (far !== undefined) {
    throw pointErrors.create('LIMIT', tableTexts.farCell(sheet, far));
  }
  if (!/<(?:\w+:)?f\b|\bt\s*=\s*["']e["']/.test(xml)) return xml;
  return xml.replace(/<((?:\w+:)?)c\b([^<>]*[^<>/])>(.*?)<\/\1c>/gs, (cell, prefix, attributes, content) => {
    const unknown = /<(?:\w+:)?f\b/.test(content) && !/<(?:\w+:)?v\b/.test(content);
    if (!unknown && !/\bt\s*=\s*["']e["']/.test(attributes)) return cell;
    const kept = String(attributes).replace(/\st\s*=\s*(?:"[^"]*"|'[^']*')/, '');
    return `<${prefix}c${kept} t="str">${unknown ? `<${prefix}v>${noResult}</${prefix}v>` : content}</${prefix}c>`;
  });
}

/** The first place of a row or cell (`r="7"`, `r="C7"`) that is written strangely or lies outside the limits. */
function farCell(xml: string): string | undefined {
  for (const [, prefix, place = ''] of xml.matchAll(/[\s"'](?:([^\s=<>"':]*):)?r\s*=\s*["']([^"'<]*)/g)) {
    if (prefix === 'xmlns') continue;
    const [, letters = '', row = ''] = /^([A-Z]{0,3})(\d{0,7})$/.exec(place) ?? [place];
    const usual = `${letters}${row}` === place;
    if (!usual || columnNumber(letters) > tableLimits.columns || Number(row) > tableLimits.rows + titleRows + 1)
      return place;
  }
  return undefined;
}

/** 1 for A, 27 for AA; 0 where there is no letter. */
const columnNumber = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 26 + letter.charCodeAt(0) - 64, 0);
