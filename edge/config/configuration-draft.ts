import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type ConfigurationTexts,
  cellsOf,
  tablesNamedIn,
  textOfCells,
  type WrittenCells,
} from './configuration-texts.ts';
import { type DiffLine, lineDiff } from './line-diff.ts';
import { withoutSecrets } from './named-files.ts';

/** What people edit: `gateway.yaml` without the secrets that are written into it, and tables as cells. */
export interface WrittenDraft {
  readonly yaml: string;
  readonly tables: readonly { readonly path: string; readonly cells: WrittenCells }[];
}

const placeholder = /!secret (left-out-\d+-[A-Za-z0-9_.-]*)/g;

/** Texts as they are shown to be edited. */
export function draftOf(file: string, texts: ConfigurationTexts): WrittenDraft {
  const name = basename(file);
  const tables = [...texts].flatMap(([path, text]) => {
    const cells = path === name ? undefined : cellsOf(text);
    return cells ? [{ path, cells }] : [];
  });
  return { yaml: withoutSecrets(texts.get(name) ?? '').text, tables };
}

/**
 * The texts that a draft stands for, made from `before`: secrets come back where they were left out, tables that nobody
 * changed stay as they were written, and those that the draft does not name are left out.
 */
export function textsOf(file: string, draft: WrittenDraft, before: ConfigurationTexts): ConfigurationTexts {
  const name = basename(file);
  const texts = new Map([[name, withSecrets(draft.yaml, before.get(name) ?? '')]]);
  for (const path of tablesNamedIn(draft.yaml)) {
    const table = draft.tables.find((one) => one.path === path);
    const known = before.get(path);
    const unchanged = table === undefined || (known !== undefined && isDeepStrictEqual(cellsOf(known), table.cells));
    if (!unchanged) texts.set(path, textOfCells(table.cells));
    else if (known !== undefined) texts.set(path, known);
  }
  return texts;
}

/** The same with each row of a table on a line of its own: problems are then told by the rows that people see. */
export const byRows = (texts: ConfigurationTexts): ConfigurationTexts =>
  new Map(
    [...texts].map(([path, text]) => {
      const cells = path.toLowerCase().endsWith('.csv') ? cellsOf(text) : undefined;
      return [path, cells ? textOfCells(cells) : text];
    }),
  );

/** A secret comes back only where it is left out again when the text is shown: nobody reads one by moving it. */
function withSecrets(yaml: string, before: string): string {
  const { places, written } = withoutSecrets(before);
  const secrets = new Map(places.map((place, index) => [place, written[index] ?? '']));
  let used = 0;
  const full = yaml.replace(placeholder, (whole, place: string) => {
    const secret = secrets.get(place);
    if (secret !== undefined) used++;
    return secret ?? whole;
  });
  return withoutSecrets(full).places.length < used ? yaml : full;
}

/** What changes from one set of texts to another, file by file; secrets are left out of both. */
export function changesBetween(
  file: string,
  before: ConfigurationTexts,
  next: ConfigurationTexts,
): readonly { readonly file: string; readonly lines: readonly DiffLine[] }[] {
  const name = basename(file);
  const shown = (texts: ConfigurationTexts, path: string) => {
    const text = texts.get(path) ?? '';
    return path === name ? withoutSecrets(text).text : text;
  };
  return [...new Set([...before.keys(), ...next.keys()])].flatMap((path) => {
    const lines = before.get(path) === next.get(path) ? [] : lineDiff(shown(before, path), shown(next, path));
    return lines.length > 0 ? [{ file: path, lines }] : [];
  });
}
