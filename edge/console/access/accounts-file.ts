import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import { asText, both, type Text } from '../../core/text.ts';
import { consoleErrors } from '../errors.ts';
import { consoleRoles, tokenScopes } from '../grants.ts';

/** In the data folder; nobody but the gateway's user may read it. */
export const accountsFile = 'accounts.json';
const mode = 0o600;
const othersMask = 0o077;
const maxBytes = 1_000_000;
/** A writer that has not finished for so long is dead. */
const deadWriterMs = 10_000;

/** Letters and digits of any script; no spaces, so that a name stands in a log line as one word. */
export const accountName = z
  .string()
  .normalize('NFC')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,31}$/u, 'a name has 1 to 32 letters, digits, dots, hyphens or underscores');

const password = z.strictObject({
  ...{
    N: z
      .int()
      .min(1024)
      .max(2 ** 20),
    r: z.int().min(1).max(32),
    p: z.int().min(1).max(16),
  },
  ...{ salt: z.base64(), hash: z.base64() },
});
const account = z.strictObject({ name: accountName, role: z.enum(consoleRoles), password, changedAt: z.number() });
const token = z.strictObject({
  ...{ name: accountName, scope: z.enum(tokenScopes), digest: z.string(), madeBy: z.string() },
  ...{ madeAt: z.number(), expiresAt: z.number() },
});
const register = z.strictObject({
  format: z.literal('lifeline-accounts/1'),
  accounts: z.array(account).max(1_000),
  tokens: z.array(token).max(1_000),
});

export type Account = z.output<typeof account>;
export type AccountRegister = z.output<typeof register>;

const none: AccountRegister = { format: 'lifeline-accounts/1', accounts: [], tokens: [] };

/** Accounts and tokens on disk. The command line may change them beside a running gateway, which sees it at once. */
export class AccountsFile {
  private readonly path: string;
  private readonly clock: Clock;
  private known: { readonly mark: string; readonly register: AccountRegister } | undefined;

  constructor(path: string, clock: Clock) {
    this.path = path;
    this.clock = clock;
  }

  /** As they are now; rejects with LL-CONSOLE-ACCOUNTS where the file is not sound or others may read it. */
  async read(): Promise<AccountRegister> {
    const about = await stat(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw this.unusable(asText(error.message), error);
    });
    if (!about) return none;
    const mark = `${about.ino} ${about.mtimeMs} ${about.size} ${about.mode}`;
    if (this.known?.mark === mark) return this.known.register;
    if ((about.mode & othersMask) !== 0)
      throw this.unusable(both('others than its owner may read it; chmod 600 it', '他人也可读取；请执行 chmod 600'));
    if (about.size > maxBytes)
      throw this.unusable(
        both(`it has ${about.size} bytes, ${maxBytes} are the most`, `有 ${about.size} 字节，至多 ${maxBytes} 字节`),
      );
    try {
      const read = register.parse(JSON.parse(await readFile(this.path, 'utf8')));
      this.known = { mark, register: read };
      return read;
    } catch (error) {
      throw this.unusable(both('it does not hold accounts', '其中不是账户'), error);
    }
  }

  /** Puts what `change` makes of them in their place, synced; one writer at a time. */
  async change(change: (before: AccountRegister) => AccountRegister): Promise<void> {
    const next = `${this.path}.new`;
    const file = await this.beginWriting(next);
    try {
      const text = JSON.stringify(change(await this.read()), null, 2);
      await file.writeFile(`${text}\n`);
      await file.sync();
      await this.giveToOwner(file);
      await file.close();
      await rename(next, this.path);
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(next, { force: true });
      throw error;
    }
  }

  /** What root writes on the command line belongs to whom the folder belongs to: the gateway runs as somebody else. */
  private async giveToOwner(file: FileHandle): Promise<void> {
    const [folder, own] = [await stat(dirname(this.path)), await file.stat()];
    if (own.uid === 0 && folder.uid !== 0) await file.chown(folder.uid, folder.gid);
  }

  private async beginWriting(next: string) {
    const about = await stat(next).catch(() => undefined);
    if (about && this.clock.wallMs() - about.mtimeMs > deadWriterMs) await rm(next, { force: true });
    return open(next, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
      throw this.unusable(
        error.code === 'EEXIST' ? both(`it is being written (${next})`, `正在写入（${next}）`) : asText(error.message),
        error,
      );
    });
  }

  private unusable(why: Text, cause?: unknown) {
    return consoleErrors.create('ACCOUNTS', both(`use ${this.path}: ${why.en}`, `使用 ${this.path}：${why.zh}`), cause);
  }
}
