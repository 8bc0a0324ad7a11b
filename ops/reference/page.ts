import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the repository. */
export const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** What regenerates every page; named at the head of each page and by the test that finds one out of date. */
export const regenerate = 'npm run generate';

/** A file whose whole content follows from the sources. */
export interface Page {
  /** Path in the repository. */
  readonly file: string;
  render(): Promise<string>;
}

/** First lines of a generated Markdown page. */
export function head(title: string, source: string, introduction: string): string {
  return `<!-- Generated from ${source}; \`${regenerate}\` writes it anew. -->\n\n# ${title}\n\n${introduction}\n`;
}

/** A Markdown table; cells are plain text or inline Markdown on one line. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(columns), `|${' --- |'.repeat(columns.length)}`, ...rows.map(line)].join('\n').concat('\n');
}

/** Text that stays in its cell and shows what it says: no bars, no tags, no line breaks. */
function cell(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s*\n\s*/g, ' ');
}
