import type { Clock } from '../../core/clock.ts';
import { type SecretBytes, secretText } from '../../core/secret-bytes.ts';
import { digestOf } from './digest.ts';

/** A shift and the hand-over after it. */
export const longestMs = 12 * 3_600_000;
/** Without a request and without an open page. */
export const idleMs = 3_600_000;
/** Sessions at a time; the one that was used longest ago goes first. */
const mostSessions = 256;

interface Session {
  readonly account: string;
  /** Which password it was opened with: another one ends it. */
  readonly stamp: string;
  readonly openedMs: number;
  seenMs: number;
}

/** Who is signed in. Only this process knows; what a browser holds says nothing by itself. */
export class Sessions {
  private readonly open = new Map<string, Session>();
  private readonly clock: Clock;
  private readonly secretBytes: SecretBytes;

  constructor(clock: Clock, secretBytes: SecretBytes) {
    this.clock = clock;
    this.secretBytes = secretBytes;
  }

  /** Opens one and gives what its browser must show. */
  begin(account: string, stamp: string): string {
    const secret = secretText(this.secretBytes);
    const nowMs = this.clock.monotonicMs();
    this.open.set(digestOf(secret), { account, stamp, openedMs: nowMs, seenMs: nowMs });
    if (this.open.size > mostSessions) this.open.delete(this.open.keys().next().value as string);
    return secret;
  }

  /** The session of that secret, seen now; undefined when there is none or its time is over. */
  find(secret: string): Pick<Session, 'account' | 'stamp'> | undefined {
    const key = digestOf(secret);
    const session = this.open.get(key);
    if (!session) return undefined;
    const nowMs = this.clock.monotonicMs();
    this.open.delete(key);
    if (nowMs - session.openedMs >= longestMs || nowMs - session.seenMs >= idleMs) return undefined;
    session.seenMs = nowMs;
    this.open.set(key, session);
    return session;
  }

  end(secret: string): void {
    this.open.delete(digestOf(secret));
  }
}
