import { scrypt, timingSafeEqual } from 'node:crypto';
import type { SecretBytes } from '../../core/secret-bytes.ts';
import { both, type Text } from '../../core/text.ts';
import { consoleErrors } from '../errors.ts';

/** What one guess costs: memory of 128 · N · r bytes, and time in proportion to N · r · p (RFC 7914). */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 32 MB; OWASP's Password Storage Cheat Sheet gives it as equal to N = 2^17, p = 1, which a small gateway has no room for. */
export const usualCost: ScryptCost = { N: 32_768, r: 8, p: 3 };

/** A password as it is kept; bytes in base64. */
export interface KeptPassword extends ScryptCost {
  readonly salt: string;
  readonly hash: string;
}

const saltBytes = 16;
const hashBytes = 32;
const shortest = 12;
const longest = 128;
const fewestLetters = 6;
/** What guessers try first; a password that holds one of them is hardly longer than what is left of it. */
const usual = ['password', 'passw0rd', '123456', 'qwerty', 'admin', 'lifeline', 'letmein', 'iloveyou', 'woaini'];

/** Why a password is refused, or undefined. */
export function weakness(password: string, name: string): Text | undefined {
  const letters = [...password];
  const small = password.toLowerCase();
  if (letters.length < shortest)
    return both(
      `${letters.length} characters, ${shortest} are the least`,
      `${letters.length} 个字符，至少 ${shortest} 个`,
    );
  if (letters.length > longest)
    return both(
      `${letters.length} characters, ${longest} are the most`,
      `${letters.length} 个字符，至多 ${longest} 个`,
    );
  if (new Set(letters).size < fewestLetters)
    return both(`fewer than ${fewestLetters} different characters`, `不同字符少于 ${fewestLetters} 个`);
  if (small.includes(name.toLowerCase())) return both('it holds the name of the account', '含有账户名');
  return usual.some((word) => small.includes(word))
    ? both('it holds what guessers try first', '含有常见密码')
    : undefined;
}

/** Work waiting for its turn; more are refused, for each takes the memory and the time of its cost. */
const mostWaiting = 16;

/** Keeps and compares passwords, one at a time. */
export class Passwords {
  private readonly secretBytes: SecretBytes;
  private readonly cost: ScryptCost;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  constructor(secretBytes: SecretBytes, cost: ScryptCost = usualCost) {
    this.secretBytes = secretBytes;
    this.cost = cost;
  }

  async keep(password: string): Promise<KeptPassword> {
    const salt = Buffer.from(this.secretBytes(saltBytes));
    const hash = await this.derive(password, salt, this.cost);
    return { ...this.cost, salt: salt.toString('base64'), hash: hash.toString('base64') };
  }

  /** Takes as long, and as much, where there is nothing to compare with. */
  async matches(password: string, kept: KeptPassword | undefined): Promise<boolean> {
    const salt = kept ? Buffer.from(kept.salt, 'base64') : Buffer.alloc(saltBytes);
    const hash = await this.derive(password, salt, kept ?? this.cost);
    const wanted = kept ? Buffer.from(kept.hash, 'base64') : Buffer.alloc(hashBytes);
    return wanted.length === hash.length && timingSafeEqual(wanted, hash) && kept !== undefined;
  }

  private derive(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
    if (this.waiting >= mostWaiting)
      throw consoleErrors.create(
        'TRIES',
        both(`check a password: ${mostWaiting} wait already`, `核对密码：已有 ${mostWaiting} 个在等待`),
      );
    this.waiting++;
    const run = () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFC'), salt, hashBytes, { N, r, p, maxmem: 256 * N * r }, (error, hash) =>
          error ? reject(error) : resolve(hash),
        );
      });
    const done = this.turn.then(run).finally(() => this.waiting--);
    this.turn = done.catch(() => undefined);
    return done;
  }
}
