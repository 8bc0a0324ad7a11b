import type { Clock } from '../../core/clock.ts';
import { type SecretBytes, secretText } from '../../core/secret-bytes.ts';
import { digestOf } from './digest.ts';
import type { SessionsFile } from './sessions-file.ts';

/** A shift and the hand-over after it. */
export const longestMs = 12 * 3_600_000;
/** Without a request and without an open page. */
export const idleMs = 3_600_000;
/** Sessions at a time; the one that was used longest ago goes first. */
const mostSessions = 256;

/** Its use is written down again after so long: a restart takes it for idle for so much longer at most. */
const writtenEveryMs = 5 * 60_000;

interface Session {
  readonly account: string;
  /** Which password it was opened with: another one ends it. */
  readonly stamp: string;
  readonly openedMs: number;
  seenMs: number;
  writtenMs: number;
}

/** Who is signed in. What a browser holds says nothing by itself, and what is kept over a restart opens nothing. */
export class Sessions {
  private readonly open = new Map<string, Session>();
  private readonly clock: Clock;
  private readonly secretBytes: SecretBytes;
  private readonly file: SessionsFile | undefined;
  private loading: Promise<void> | undefined;

  /** @param file where they are kept over a restart; nowhere when left out */
  constructor(clock: Clock, secretBytes: SecretBytes, file?: SessionsFile) {
    this.clock = clock;
    this.secretBytes = secretBytes;
    this.file = file;
  }

  /** Opens one and gives what its browser must show. */
  async begin(account: string, stamp: string): Promise<string> {
    await this.load();
    const secret = secretText(this.secretBytes);
    const nowMs = this.clock.monotonicMs();
    const opened = { account, stamp: digestOf(stamp), openedMs: nowMs, seenMs: nowMs, writtenMs: nowMs };
    this.open.set(digestOf(secret), opened);
    if (this.open.size > mostSessions) this.open.delete(this.open.keys().next().value as string);
    await this.write();
    return secret;
  }

  /** The account of the session of that secret, seen now; undefined when there is none or its time is over. */
  async find(secret: string): Promise<Pick<Session, 'account' | 'stamp'> | undefined> {
    await this.load();
    const key = digestOf(secret);
    const session = this.open.get(key);
    if (!session) return undefined;
    const nowMs = this.clock.monotonicMs();
    this.open.delete(key);
    if (nowMs - session.openedMs >= longestMs || nowMs - session.seenMs >= idleMs) return undefined;
    session.seenMs = nowMs;
    this.open.set(key, session);
    if (nowMs - session.writtenMs >= writtenEveryMs) void this.write();
    return session;
  }

  /** Resolves once it is over for good. */
  async end(secret: string): Promise<void> {
    await this.load();
    if (this.open.delete(digestOf(secret))) await this.write();
  }

  /** Resolves once what is open is on disk, as it was seen last. */
  async stop(): Promise<void> {
    if (this.open.size > 0) await this.write();
  }

  private load(): Promise<void> {
    this.loading ??= this.restore();
    return this.loading;
  }

  /** The time that the gateway was away counts; a clock that was set back makes none of them younger. */
  private async restore(): Promise<void> {
    const { wallMs, sessions } = (await this.file?.read()) ?? { wallMs: 0, sessions: [] };
    const nowMs = this.clock.monotonicMs();
    const awayMs = Math.max(0, this.clock.wallMs() - wallMs);
    for (const { digest, account, stamp, openMs, idleMs: unseenMs } of sessions.slice(-mostSessions)) {
      const [openedMs, seenMs] = [nowMs - awayMs - openMs, nowMs - awayMs - unseenMs];
      this.open.set(digest, { account, stamp, openedMs, seenMs, writtenMs: nowMs });
    }
  }

  private async write(): Promise<void> {
    await this.file?.write(() => {
      const nowMs = this.clock.monotonicMs();
      for (const session of this.open.values()) session.writtenMs = nowMs;
      const sessions = [...this.open].map(([digest, { account, stamp, openedMs, seenMs }]) => ({
        ...{ digest, account, stamp, openMs: nowMs - openedMs, idleMs: nowMs - seenMs },
      }));
      return { wallMs: this.clock.wallMs(), sessions };
    });
  }
}
