/** An EPANET input file as its user gave it. */
export interface NetworkFile {
  /** Path or name, as messages show it. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A line with content: its number from 1, its section in capitals without brackets, and its text without comment. */
export interface NetworkLine {
  readonly number: number;
  readonly section: string;
  readonly text: string;
}

/** The text of a network file: UTF-8, or else GB 18030 (of which GBK is a part), as Chinese desktop programs write it. */
export function networkText({ bytes }: NetworkFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** The lines of a network file that say something, in order; the line of a section's head belongs to the section. */
export function networkLines(text: string): readonly NetworkLine[] {
  let section = '';
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const content = (line.split(';', 1)[0] ?? '').trim();
    if (content === '') return [];
    if (content.startsWith('[')) section = content.slice(1).split(']', 1)[0]?.trim().toUpperCase() ?? '';
    return [{ number: index + 1, section, text: content }];
  });
}

/** Whether a section's head means the section of this name: EPANET compares the first four letters. */
export const isSection = (line: NetworkLine, name: string): boolean => line.section.slice(0, 4) === name.slice(0, 4);

/** Sections that define what the others name, in the order in which the engine must meet them. */
const definitions = ['JUNC', 'RESE', 'TANK', 'PIPE', 'PUMP', 'VALV'];

/** The text with nodes and links before whatever names them, as the engine wants it; users may have any order. */
export function inEngineOrder(text: string): string {
  const blocks: { readonly rank: number; readonly lines: string[] }[] = [{ rank: -1, lines: [] }];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const head = /^\s*\[\s*(\w{1,4})/.exec(line)?.[1]?.toUpperCase();
    if (head === 'END') break;
    if (head !== undefined) blocks.push({ rank: rankOf(head), lines: [] });
    blocks.at(-1)?.lines.push(line);
  }
  const sorted = blocks.toSorted((a, b) => a.rank - b.rank);
  return `${sorted.flatMap(({ lines }) => lines).join('\n')}\n[END]\n`;
}

function rankOf(head: string): number {
  if (head === 'TITL') return -1;
  const place = definitions.indexOf(head);
  return place < 0 ? definitions.length : place;
}
