import { readFile, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { LifelineError } from '../core/errors.ts';
import { configErrors } from './errors.ts';
import { checkAgainst, type LocatedYaml, parseLocatedYaml } from './located-yaml.ts';
import type { Problem } from './problem.ts';
import type { Contribution, SinkEntry } from './spec.ts';
import { configTexts } from './texts.ts';

/** Secrets, certificates and mapping tables are smaller. */
const maxFileBytes = 1_000_000;
/** Begins a key or certificate (RFC 7468) that stands in the place of a file's name, as a secret can. */
const pemBegin = '-----BEGIN ';

/** What a file is read as: a text without blanks around it, or YAML of a schema, which also comes shipped by name. */
type Content = 'text' | { readonly schema: z.ZodType; readonly shipped: string };

/** A kind of sink with the keys that name files, `tls.ca` for `ca` within `tls`. */
export interface SinkContribution extends Contribution {
  readonly files?: Readonly<Record<string, Content>>;
}

/** Folders in which names of files are looked for. */
interface Folders {
  /** Of `gateway.yaml`. */
  readonly folder: string;
  /** What is shipped with the product. */
  readonly shipped: string;
}

/** Reads what the entries of sinks name; each gets it as `documents`, by key. Problems are located here or in the file. */
export async function readSinkFiles(
  yaml: LocatedYaml,
  entries: readonly SinkEntry[],
  kinds: readonly SinkContribution[],
  folders: Folders,
): Promise<{ readonly sinks: readonly SinkEntry[]; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  const sinks: SinkEntry[] = [];
  for (const [index, entry] of entries.entries()) {
    const { files = {} } = kinds.find(({ name }) => name === entry.sink) ?? {};
    const documents: Record<string, unknown> = {};
    for (const [key, content] of Object.entries(files)) {
      const path = key.split('.');
      const named = path.reduce<unknown>(
        (at, step) => (at as Readonly<Record<string, unknown>> | undefined)?.[step],
        entry,
      );
      if (typeof named !== 'string') continue;
      if (named.startsWith(pemBegin)) {
        documents[key] = named;
        continue;
      }
      const file = placeOf(named, content, folders);
      const text = await readBounded(file).catch((cause: unknown) =>
        configErrors.create('FILE', configTexts.cannotRead(file, cause), cause),
      );
      if (typeof text !== 'string') {
        problems.push(yaml.problem(['sinks', index, ...path], text));
      } else if (content === 'text') documents[key] = text.trim();
      else {
        const checked = checkAgainst(parseLocatedYaml(file, text), content.schema);
        problems.push(...checked.problems);
        documents[key] = checked.value;
      }
    }
    sinks.push(Object.keys(documents).length > 0 ? { ...entry, documents } : entry);
  }
  return { sinks, problems };
}

/** A name without an ending is that of something shipped. */
function placeOf(named: string, content: Content, { folder, shipped }: Folders): string {
  if (content === 'text' || extname(named) !== '') return resolve(folder, named);
  return join(shipped, content.shipped, `${named}.yaml`);
}

async function readBounded(file: string): Promise<string | LifelineError> {
  const { size } = await stat(file);
  if (size > maxFileBytes) return configErrors.create('FILE', configTexts.tooManyBytes(file, size, maxFileBytes));
  return readFile(file, 'utf8');
}
