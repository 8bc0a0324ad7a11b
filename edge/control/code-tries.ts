import { RecentTries, Triers } from '../core/tries.ts';

/** How long nothing is taken of a sender who sends one more wrong code than may be tried within a minute. */
const shutMs = 10 * 60_000;

/** A try; that no more are taken of a sender begins with it (`shut`) or had begun before (`refused`). */
export type CodeTry = 'counted' | 'shut' | 'refused';

/** Counts codes that senders try, so that nobody finds one by trying. Times are monotonic ms. */
export class CodeTries {
  private readonly senders = new Triers(() => ({
    /** Those that were not right. */
    tries: new RecentTries(),
    shutUntilMs: Number.NEGATIVE_INFINITY,
    /** Tries since then that were not looked at. */
    refused: 0,
  }));

  /** Counts a try of a sender, wrong until it is said to be right: `shut` and `refused` are not to be looked at. */
  take(sender: string, nowMs: number): CodeTry {
    const found = this.senders.heard(sender);
    if (nowMs < found.shutUntilMs) {
      found.refused++;
      return 'refused';
    }
    if (found.tries.isFull(nowMs)) {
      found.shutUntilMs = nowMs + shutMs;
      return 'shut';
    }
    found.tries.add(nowMs);
    return 'counted';
  }

  /** Senders of whom something is taken again, with how many tries were `refused`; each is told once. */
  *opened(nowMs: number): Generator<{ readonly sender: string; readonly refused: number }> {
    for (const [sender, found] of this.senders.all()) {
      if (nowMs < found.shutUntilMs || found.refused === 0) continue;
      yield { sender, refused: found.refused };
      found.refused = 0;
    }
  }

  /** The newest try of a sender was right. */
  right(sender: string): void {
    this.senders.get(sender)?.tries.takeBack();
  }

  /** Senders of whom nothing is taken now. */
  shut(nowMs: number): readonly string[] {
    return [...this.senders.all()].flatMap(([sender, { shutUntilMs }]) => (nowMs < shutUntilMs ? [sender] : []));
  }
}
