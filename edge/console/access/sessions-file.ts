import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { z } from 'zod';

const maxBytes = 1_000_000;
/** Permissions of others than the owner. */
const othersMask = 0o077;

const session = z.strictObject({
  /** Digest of what the browser shows: it opens nothing. */
  digest: z.string().max(64),
  account: z.string().max(200),
  /** Digest of the password's hash. */
  stamp: z.string().max(64),
  /** Ages when it was written, ms. */
  openMs: z.number().nonnegative(),
  idleMs: z.number().nonnegative(),
});
const kept = z.strictObject({
  format: z.literal('lifeline-sessions/1'),
  /** When it was written, ms since epoch. */
  wallMs: z.number(),
  sessions: z.array(session).max(1_000),
});

export type KeptSessions = Omit<z.output<typeof kept>, 'format'>;

const none: KeptSessions = { wallMs: 0, sessions: [] };

/** Who is signed in, over a restart of the gateway. What cannot be kept, or is not sound, is no session: people sign in again. */
export class SessionsFile {
  private readonly path: string;
  private writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
  }

  /** Those that were written last; none where the file is not sound, or others may read it. */
  async read(): Promise<KeptSessions> {
    try {
      const about = await stat(this.path);
      if ((about.mode & othersMask) !== 0 || about.size > maxBytes) return none;
      return kept.parse(JSON.parse(await readFile(this.path, 'utf8')));
    } catch {
      return none;
    }
  }

  /** Resolves once they are on disk, synced, one writer after the other; where that fails the file is gone: no session ended comes back. */
  write(sessions: () => KeptSessions): Promise<void> {
    this.writing = this.writing.then(async () => {
      const content: z.output<typeof kept> = { format: 'lifeline-sessions/1', ...sessions() };
      await replaceOwnerFile(this.path, `${JSON.stringify(content)}\n`).catch(() => rm(this.path, { force: true }));
    });
    return this.writing;
  }
}

/** Puts a text in the place of a file that only its owner reads: whole and synced, or not at all. */
export async function replaceOwnerFile(path: string, text: string): Promise<void> {
  const next = `${path}.new`;
  await rm(next, { force: true });
  const file = await open(next, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}
