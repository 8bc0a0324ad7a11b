import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorEntry } from '../../edge/core/errors.ts';
import { head, type Page, repository, table } from './page.ts';

/** One catalogue of the sources: what a room's `errors.ts` exports under one name. */
interface Catalogue {
  /** Path of the `errors.ts` in the repository. */
  readonly file: string;
  /** Name of the export, such as `storeErrors`. */
  readonly name: string;
  /** `LL-STORE`. */
  readonly area: string;
  readonly entries: readonly (readonly [code: string, entry: ErrorEntry])[];
}

const roots = ['edge', 'drivers', 'simulator'];

/** Every catalogue in the sources, sorted by area: found by file name, read by importing. */
export async function errorCatalogues(): Promise<readonly Catalogue[]> {
  const files = roots
    .flatMap((root) =>
      readdirSync(join(repository, root), { recursive: true, encoding: 'utf8' }).map((f) => join(root, f)),
    )
    .filter((file) => /(^|\/)errors\.ts$/.test(file));
  const found: Catalogue[] = [];
  for (const file of files) {
    const exported: Record<string, unknown> = await import(pathToFileURL(join(repository, file)).href);
    for (const [name, value] of Object.entries(exported)) {
      if (!isErrorArea(value)) continue;
      const entries = Object.entries(value.catalogue);
      const area = /^LL-[^-]+/.exec(entries[0]?.[0] ?? '')?.[0] ?? '';
      found.push({ file, name, area, entries });
    }
  }
  return found.sort((a, b) => (a.area < b.area ? -1 : 1));
}

function isErrorArea(value: unknown): value is { readonly catalogue: Readonly<Record<string, ErrorEntry>> } {
  return typeof value === 'object' && value !== null && 'catalogue' in value;
}

/** The page of all error codes, one table per area. */
export const errorsPage: Page = {
  file: 'ops/docs/errors.md',
  async render() {
    const introduction = [
      'Every operating error of Lifeline carries a code: in logs, in alarms, on the terminal and in the console. Look it up here.',
      '“Retry helps” says whether the same thing can succeed later without a change; Lifeline then tries again by itself.',
    ].join('\n');
    const sections = (await errorCatalogues()).map(({ file, area, entries }) => {
      const rows = entries.map(([code, { cause, retry, next }]) => [`\`${code}\``, cause, retry ? 'yes' : 'no', next]);
      return `## ${area}\n\nDeclared in \`${file}\`.\n\n${table(['Code', 'Cause', 'Retry helps', 'Next step'], rows)}`;
    });
    return [head('Error codes', "the rooms' errors.ts", introduction), ...sections].join('\n');
  },
};
