import { z } from 'zod';
import { historyLayout } from '../../store/history-file.ts';
import { journalLayout } from '../../store/journal-file.ts';
import { backupErrors } from './errors.ts';

/** Of archives, before anything else in them. */
export const manifestName = 'manifest.json';
export const mostFiles = 20_000;
/** About 200 bytes for each file. */
export const maxManifestBytes = 8_000_000;
const format = 1;

/** Layouts that this program knows, by file of the data folder. */
const layouts: Readonly<Record<string, number>> = { 'journal.db': journalLayout, 'history.db': historyLayout };

const file = z.strictObject({
  name: z.string(),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifestSpec = z.object({
  format: z.literal(format),
  /** Of the Lifeline that made it. */
  version: z.string(),
  made: z.iso.datetime(),
  /** Where the configuration is in the archive. */
  config: z.string(),
  /** By database, as its header says. */
  layouts: z.record(z.string(), z.int()),
  files: z.array(file).max(mostFiles),
  /** What belongs to the gateway and is not in the archive, and why. */
  left: z.array(z.strictObject({ what: z.string(), why: z.enum(['secret', 'outside']) })),
});

/** What an archive holds. */
export type Manifest = z.output<typeof manifestSpec>;
export type ArchivedFile = Manifest['files'][number];

export const newManifest = (rest: Omit<Manifest, 'format'>): Manifest => ({ format, ...rest });

/** What a gateway keeps in its data folder: databases and documents, and folders of its parts. */
export const databaseName = /^[a-z][a-z0-9-]*\.db$/;
export const documentName = /^[a-z][a-z0-9-]*\.json$/;
export const folderName = /^[a-z][a-z0-9-]*$/;

/**
 * Whether an archive may have a member of that name: the configuration with the files that it names, and what a gateway
 * keeps in its data folder. No part of a name leads out of its folder.
 */
function isAllowed(name: string): boolean {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\\\0]/.test(part))) return false;
  const [room, first = '', ...rest] = parts;
  if (room === 'config') return first !== '';
  if (room !== 'data') return false;
  return rest.length > 0 ? folderName.test(first) : databaseName.test(first) || documentName.test(first);
}

/** Reads a manifest; rejects with LL-BACKUP-NEWER or LL-BACKUP-CONTENT. */
export function readManifest(text: string, version: string): Manifest {
  const given = parse(text) as { readonly format?: unknown; readonly version?: unknown } | undefined;
  const refuse = (why: string) => {
    throw backupErrors.create('NEWER', `made by Lifeline ${given?.version}: ${why}; this is Lifeline ${version}`);
  };
  if (typeof given?.format === 'number' && given.format > format) refuse(`its format is ${given.format}`);
  const { data: manifest, error } = manifestSpec.safeParse(given);
  if (!manifest) throw backupErrors.create('CONTENT', `read ${manifestName}: it is none of a backup`, error);
  for (const [name, layout] of Object.entries(manifest.layouts)) {
    const known = layouts[name];
    if (known !== undefined && layout > known) refuse(`${name} has layout ${layout}, ${known} is the newest known`);
  }
  const names = manifest.files.map(({ name }) => name);
  const strange = new Set(names).size < names.length ? 'one name twice' : names.find((name) => !isAllowed(name));
  if (strange !== undefined) {
    throw backupErrors.create('CONTENT', `read ${manifestName}: ${JSON.stringify(strange)} may not be in a backup`);
  }
  return manifest;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
