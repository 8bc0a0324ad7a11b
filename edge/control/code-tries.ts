import { RecentTries, Triers } from '../core/tries.ts';

/** How long nothing is taken of a sender who sends one more wrong code than may be tried within a minute. */
const shutMs = 10 * 60_000;

/** Counts codes that senders try, so that nobody finds one by trying. Times are monotonic ms. */
export class CodeTries {
  private readonly senders = new Triers(() => ({
    /** Those that were not right. */
    tries: new RecentTries(),
    shutUntilMs: Number.NEGATIVE_INFINITY,
  }));

  /** Counts a try of a sender, wrong until it is said to be right; false where it must not be looked at. */
  allow(sender: string, nowMs: number): boolean {
    const found = this.senders.heard(sender);
    if (nowMs < found.shutUntilMs) return false;
    if (found.tries.isFull(nowMs)) {
      found.shutUntilMs = nowMs + shutMs;
      return false;
    }
    found.tries.add(nowMs);
    return true;
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
