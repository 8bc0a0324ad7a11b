import { RecentTries, Triers } from '../../core/tries.ts';

/** Failures in a row that lock an account, and for how long after the last of them. */
const lockingFailures = 20;
const lockedMs = 15 * 60_000;

/** Counts tries to sign in. Names that there are and those that there are not are counted alike. */
export class Tries {
  private readonly records = new Triers(() => ({
    tries: new RecentTries(),
    failures: 0,
    failedMs: Number.NEGATIVE_INFINITY,
  }));

  /** Counts a try in the name of `account` from `address`; false when it must not be looked at. */
  allow(account: string, address: string, nowMs: number): boolean {
    const own = this.records.heard(`account ${account}`);
    const from = this.records.heard(`address ${networkOf(address)}`);
    const locked = own.failures >= lockingFailures && nowMs - own.failedMs < lockedMs;
    if (locked || own.tries.isFull(nowMs) || from.tries.isFull(nowMs)) return false;
    own.tries.add(nowMs);
    from.tries.add(nowMs);
    return true;
  }

  failed(account: string, nowMs: number): void {
    const own = this.records.heard(`account ${account}`);
    if (nowMs - own.failedMs >= lockedMs) own.failures = 0;
    own.failures++;
    own.failedMs = nowMs;
  }

  succeeded(account: string): void {
    this.records.heard(`account ${account}`).failures = 0;
  }
}

/** The /64 of an IPv6 address, for that is what one subscriber has; an IPv4 address as it is. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}
