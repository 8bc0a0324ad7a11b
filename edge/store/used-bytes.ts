import type { Database } from './database.ts';

/** Of a file that may not grow any more so much is kept free for what is written next. */
const freePart = 0.1;

/**
 * What a file may hold while the disk lacks `missingBytes`: it stops growing, and a part of it is freed for what comes.
 * Dropping more would give the disk nothing back, since SQLite keeps the pages for itself.
 */
export async function allowedBytes(database: Database, maxBytes: number, missingBytes: number): Promise<number> {
  if (missingBytes <= 0) return maxBytes;
  const [row] = await database.all<{ bytes: number }>(
    'SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes',
  );
  const bytes = row?.bytes ?? 0;
  return Math.min(maxBytes, bytes - Math.min(missingBytes, bytes * freePart));
}

/** Bytes of the file that hold something; pages freed by a deletion are used again. */
export async function usedBytes(database: Database): Promise<number> {
  const [row] = await database.all<{ bytes: number }>(
    `SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)
          - (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM pragma_page_size) AS bytes`,
  );
  return row?.bytes ?? 0;
}
