const windowMs = 60_000;
/** Tries within the window, for each account and for each address. */
const mostTries = 10;
/** Failures in a row that lock an account, and for how long after the last of them. */
const lockingFailures = 20;
const lockedMs = 15 * 60_000;
/** Accounts and addresses that are remembered; the one that tried longest ago goes first. */
const mostRemembered = 10_000;

interface Record {
  /** Monotonic ms of tries within the window, oldest first. */
  tries: number[];
  failures: number;
  failedMs: number;
}

/** Counts tries to sign in. Names that there are and those that there are not are counted alike. */
export class Tries {
  private readonly records = new Map<string, Record>();

  /** Counts a try in the name of `account` from `address`; false when it must not be looked at. */
  allow(account: string, address: string, nowMs: number): boolean {
    const own = this.recordOf(`account ${account}`);
    const from = this.recordOf(`address ${networkOf(address)}`);
    for (const one of [own, from]) one.tries = one.tries.filter((at) => nowMs - at < windowMs);
    const locked = own.failures >= lockingFailures && nowMs - own.failedMs < lockedMs;
    if (locked || own.tries.length >= mostTries || from.tries.length >= mostTries) return false;
    own.tries.push(nowMs);
    from.tries.push(nowMs);
    return true;
  }

  failed(account: string, nowMs: number): void {
    const own = this.recordOf(`account ${account}`);
    if (nowMs - own.failedMs >= lockedMs) own.failures = 0;
    own.failures++;
    own.failedMs = nowMs;
  }

  succeeded(account: string): void {
    this.recordOf(`account ${account}`).failures = 0;
  }

  private recordOf(key: string): Record {
    const found = this.records.get(key) ?? { tries: [], failures: 0, failedMs: Number.NEGATIVE_INFINITY };
    this.records.delete(key);
    this.records.set(key, found);
    if (this.records.size > mostRemembered) this.records.delete(this.records.keys().next().value as string);
    return found;
  }
}

/** The /64 of an IPv6 address, for that is what one subscriber has; an IPv4 address as it is. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/, '');
  return plain.includes(':') ? plain.split(':').slice(0, 4).join(':') : plain;
}
