import type { LifelineError } from '../../core/errors.ts';
import type { ColumnStore } from '../column-store.ts';
import { evaluateErrors } from '../errors.ts';
import type { Table } from '../table.ts';
import type { CsvLayout } from './layout.ts';
import { type Line, textCells } from './lines.ts';
import { isMissingText, numberIn } from './number-cell.ts';
import { type TimeFormat, timeOf } from './time-cell.ts';

/** Problems told one by one; the others are counted. */
const TOLD = 5;
/** More different words than this are no states. */
const MOST_WORDS = 50;

export interface RowReaderParts {
  readonly file: string;
  readonly layout: CsvLayout;
  readonly decode: (bytes: Uint8Array) => string;
  /** Columns of the file that become columns of the table. */
  readonly places: readonly number[];
  readonly timeColumn: { readonly place: number; readonly format: TimeFormat } | undefined;
  /** −1 when there is none. */
  readonly labelPlace: number;
  readonly store: ColumnStore;
}

/** Turns records into rows of a table. */
export class RowReader {
  private readonly parts: RowReaderParts;
  private readonly row: Float64Array;
  /** Where each column of the file goes: its column of the table, or −1. */
  private readonly targets: Int32Array;
  private readonly dictionaries: (Map<string, number> | undefined)[];
  private readonly prose = new Set<number>();
  private times = new Float64Array(1024);
  private labels = new Uint8Array(1024);
  private readonly told: LifelineError[] = [];
  private bad = 0;
  private untimed = 0;

  constructor(parts: RowReaderParts) {
    this.parts = parts;
    const { layout, places } = parts;
    this.row = new Float64Array(places.length);
    this.targets = new Int32Array(layout.names.length).fill(-1);
    for (const [column, place] of places.entries()) this.targets[place] = column;
    this.dictionaries = places.map((place) => (layout.words[place] ? new Map<string, number>() : undefined));
  }

  get rows(): number {
    return this.parts.store.rows;
  }

  take(line: Line): void {
    const { layout, store } = this.parts;
    const at = store.rows;
    this.grow(at);
    this.row.fill(Number.NaN);
    this.times[at] = Number.NaN;
    const cells = line.quoted ? this.takeQuoted(line, at) : this.takePlain(line, at);
    if (cells !== layout.names.length) {
      this.problem(`line ${line.number}: ${cells} cells, the header has ${layout.names.length}`);
    }
    store.append(this.row);
  }

  /** Cells without quotes are read where they stand. */
  private takePlain({ bytes, start, end, number }: Line, at: number): number {
    const { separator } = this.parts.layout;
    let place = 0;
    let from = start;
    for (let here = start; here <= end; here++) {
      if (here < end && bytes[here] !== separator) continue;
      this.cell(bytes, from, here, place++, at, number);
      from = here + 1;
    }
    return place;
  }

  private takeQuoted(line: Line, at: number): number {
    const cells = textCells(line, this.parts.layout.separator, this.parts.decode);
    for (const [place, text] of cells.entries()) {
      const bytes = Buffer.from(text);
      this.cell(bytes, 0, bytes.length, place, at, line.number);
    }
    return cells.length;
  }

  private cell(bytes: Buffer, start: number, end: number, place: number, at: number, line: number): void {
    const { timeColumn, labelPlace, layout, decode } = this.parts;
    const column = this.targets[place] ?? -1;
    if (column >= 0 && this.dictionaries[column] === undefined) {
      const value = numberIn(bytes, start, end, layout.point);
      this.row[column] = value;
      if (!Number.isNaN(value)) return;
      const text = bytes.toString('latin1', start, end);
      if (!isMissingText(text)) this.badCell(decode(bytes.subarray(start, end)), place, line);
    } else if (column >= 0) this.row[column] = this.wordCode(decode(bytes.subarray(start, end)).trim(), column);
    else if (place === timeColumn?.place) {
      const time = timeOf(bytes.toString('latin1', start, end).replaceAll('"', ''), timeColumn.format);
      this.times[at] = time;
      if (!Number.isFinite(time) && this.untimed++ < TOLD)
        this.told.push(
          evaluateErrors.create(
            'TIME',
            `read ${this.parts.file}: line ${line}, column ${place + 1} "${layout.names[place]}": "${bytes.toString('latin1', start, end)}" is no time`,
          ),
        );
    } else if (place === labelPlace) this.labels[at] = labelCodeOf(decode(bytes.subarray(start, end)));
  }

  private wordCode(text: string, column: number): number {
    if (isMissingText(text)) return Number.NaN;
    const dictionary = this.dictionaries[column] as Map<string, number>;
    const known = dictionary.get(text);
    if (known !== undefined) return known;
    if (dictionary.size >= MOST_WORDS) {
      this.prose.add(column);
      return Number.NaN;
    }
    dictionary.set(text, dictionary.size);
    return dictionary.size - 1;
  }

  private badCell(text: string, place: number, line: number): void {
    this.problem(`line ${line}, column ${place + 1} "${this.parts.layout.names[place]}": "${text}" is no number`);
  }

  private problem(text: string): void {
    if (this.bad++ < TOLD) this.told.push(evaluateErrors.create('CELL', `read ${this.parts.file}: ${text}`));
  }

  private grow(at: number): void {
    if (at < this.times.length) return;
    const times = new Float64Array(this.times.length * 2);
    times.set(this.times);
    this.times = times;
    const labels = new Uint8Array(this.labels.length * 2);
    labels.set(this.labels);
    this.labels = labels;
  }

  problems(): LifelineError[] {
    const { file } = this.parts;
    const more = this.bad - TOLD;
    const untimed = this.untimed - TOLD;
    return [
      ...this.told,
      ...(more > 0 ? [evaluateErrors.create('CELL', `read ${file}: ${more} more cells or rows like these`)] : []),
      ...this.unitsInCells(),
      ...(untimed > 0 ? [evaluateErrors.create('TIME', `read ${file}: ${untimed} more times like these`)] : []),
    ];
  }

  /** Columns of figures with units behind them: read as words, they are too many for a state. */
  private unitsInCells(): LifelineError[] {
    const { file, layout, places } = this.parts;
    return [...this.prose].flatMap((column) => {
      const words = [...(this.dictionaries[column]?.keys() ?? [])];
      if (!words.every((word) => /^[-+]?[\d.,]+\s*\D+$/.test(word))) return [];
      const name = layout.names[places[column] ?? 0];
      return [
        evaluateErrors.create('CELL', `read ${file}: column "${name}": "${words[0]}" and the like are no numbers`),
      ];
    });
  }

  table(): Omit<Table, 'warnings'> {
    const { layout, places, timeColumn, labelPlace, store } = this.parts;
    const names = places.map((place) => layout.names[place] ?? '');
    return {
      names,
      store,
      words: this.dictionaries.map((dictionary) => (dictionary ? [...dictionary.keys()] : undefined)),
      prose: new Set([...this.prose].map((column) => names[column] ?? '')),
      times: timeColumn ? this.times.subarray(0, store.rows) : undefined,
      timeFormat: timeColumn?.format,
      labels: labelPlace >= 0 ? faultsOf(this.labels.subarray(0, store.rows)) : undefined,
    };
  }
}

/** Codes of a label cell: nothing wrong, something wrong, and −1, which some exports write for attacks beside 1 for normal. */
const LabelCode = { normal: 0, fault: 1, minusOne: 2 } as const;

function labelCodeOf(text: string): number {
  const word = text.trim().toLowerCase();
  if (isMissingText(word)) return LabelCode.normal;
  const value = Number(word);
  if (value === -1) return LabelCode.minusOne;
  if (Number.isFinite(value)) return value > 0 ? LabelCode.fault : LabelCode.normal;
  return /^(false|no|no attack|normal|ok|good|benign|healthy)$/.test(word) ? LabelCode.normal : LabelCode.fault;
}

/** 1 for what is wrong: the −1 where there are any, else everything above 0. */
function faultsOf(codes: Uint8Array): Uint8Array {
  const fault = codes.includes(LabelCode.minusOne) ? LabelCode.minusOne : LabelCode.fault;
  return codes.map((code) => (code === fault ? 1 : 0));
}
