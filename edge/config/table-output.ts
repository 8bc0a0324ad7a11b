import { guard, guardQuoted } from './formula-guard.ts';
import { columns, type PointRow } from './point-columns.ts';

export type HeaderLanguage = 'zh' | 'en';

/** A table to be written: header first, numbers as numbers, '' for an empty cell. */
export type OutputCells = readonly (readonly (string | number)[])[];

/** The rows as cells, in the order of the reference page, without the columns that no row fills. */
export function pointCells(rows: readonly PointRow[], language: HeaderLanguage): OutputCells {
  const filled = columns.filter(({ key }) => key === 'tag' || rows.some((row) => filledIn(row, key) !== undefined));
  const header = filled.map(({ key, zh }) => (language === 'zh' ? zh : key));
  return [header, ...rows.map((row) => filled.map(({ key }) => cellOf(key, filledIn(row, key))))];
}

const filledIn = (row: PointRow, key: string): unknown => (row as unknown as Readonly<Record<string, unknown>>)[key];

function cellOf(key: string, value: unknown): string | number {
  if (value === undefined) return '';
  if (key === 'group') return period(Number(value));
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  const states = Object.entries(value as Readonly<Record<string, string>>);
  return states.map(([number, name]) => `${number}=${name}`).join(';');
}

function period(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}min`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding. */
export function csvBytes(cells: OutputCells): Buffer {
  return Buffer.from(`\uFEFF${csvLines(cells)}`, 'utf8');
}

/** Rows as lines of CSV (RFC 4180), each ended. */
export const csvLines = (cells: OutputCells): string => cells.map((row) => `${row.map(csvCell).join(',')}\n`).join('');

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const text = guard(cell);
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export interface OutputSheet {
  readonly name: string;
  readonly cells: OutputCells;
}

/** A workbook with the header row of each sheet frozen; text cells are marked as text, so that `1-2` stays what it is. */
export async function xlsxBytes(sheets: readonly OutputSheet[]): Promise<Buffer> {
  // loaded only where a workbook is written
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const pages = sheets.map(({ name, cells }) => ({
    sheet: name,
    stickyRowsCount: 1,
    columns: (cells[0] ?? []).map((_, column) => ({ width: widthOf(cells, column) })),
    data: cells.map((row, line) => row.map((cell) => xlsxCell(cell, line === 0))),
  }));
  return writeWorkbook(pages).toBuffer();
}

function xlsxCell(cell: string | number, header: boolean) {
  if (cell === '') return null;
  if (typeof cell === 'number') return { value: cell, type: Number };
  // `_x0041_` is how XLSX writes characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19)
  const text = guardQuoted(cell).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  // the library looks texts up in an object, where `valueOf` is always found
  const value = text in {} ? `_x${text.charCodeAt(0).toString(16).padStart(4, '0')}_${text.slice(1)}` : text;
  return { value, type: String, format: '@', ...(header ? { fontWeight: 'bold' as const } : {}) };
}

const widthLimits = { low: 6, high: 48 } as const;

/** In characters; Chinese ones take two. */
function widthOf(cells: OutputCells, column: number): number {
  const widths = cells.map((row) => String(row[column] ?? '').replace(/[\u2E80-\u{10FFFF}]/gu, 'xx').length + 2);
  return widths.reduce((widest, width) => Math.min(widthLimits.high, Math.max(widest, width)), widthLimits.low);
}
