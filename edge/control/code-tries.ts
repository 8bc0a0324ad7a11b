const windowMs = 60_000;
/** Codes that stand for nothing which one sender may send within a minute. */
const mostWrong = 10;
/** How long nothing is taken of a sender who sends one more. */
const shutMs = 10 * 60_000;
/** Senders that are remembered; the one that was heard longest ago goes first. */
const mostSenders = 10_000;

interface Sender {
  /** Monotonic ms of tries within the window that were not right, oldest first. */
  tries: number[];
  shutUntilMs: number;
}

/** Counts codes that senders try, so that nobody finds one by trying. Times are monotonic ms. */
export class CodeTries {
  private readonly senders = new Map<string, Sender>();

  /** Counts a try of a sender, wrong until it is said to be right; false where it must not be looked at. */
  allow(sender: string, nowMs: number): boolean {
    const found = this.senders.get(sender) ?? { tries: [], shutUntilMs: Number.NEGATIVE_INFINITY };
    this.senders.delete(sender);
    this.senders.set(sender, found);
    if (this.senders.size > mostSenders) this.senders.delete(this.senders.keys().next().value as string);
    if (nowMs < found.shutUntilMs) return false;
    found.tries = found.tries.filter((at) => nowMs - at < windowMs);
    if (found.tries.length >= mostWrong) {
      found.shutUntilMs = nowMs + shutMs;
      return false;
    }
    found.tries.push(nowMs);
    return true;
  }

  /** The newest try of a sender was right. */
  right(sender: string): void {
    this.senders.get(sender)?.tries.pop();
  }

  /** Senders of whom nothing is taken now. */
  shut(nowMs: number): readonly string[] {
    return [...this.senders].flatMap(([sender, { shutUntilMs }]) => (nowMs < shutUntilMs ? [sender] : []));
  }
}
