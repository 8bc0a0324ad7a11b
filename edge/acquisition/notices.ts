import type { DeviceNotice, NoticeKind } from '../../drivers/api.ts';

/** How long a new session has to speak again of what stood before it. */
const confirmWithinMs = 30_000;

/** Which conditions of one device stand, and which of them the present session has not confirmed. */
export class StandingNotices {
  private readonly standing = new Set<NoticeKind>();
  private readonly unconfirmed = new Set<NoticeKind>();
  private deadlineMs = Number.POSITIVE_INFINITY;

  /** A new attempt to connect: all that stands is in doubt until spoken of again, or until a session is silent on it. */
  forget(): void {
    for (const kind of this.standing) this.unconfirmed.add(kind);
    this.deadlineMs = Number.POSITIVE_INFINITY;
  }

  /** The session stands: what it does not speak of soon is over. */
  expect(nowMs: number): void {
    this.deadlineMs = nowMs + confirmWithinMs;
  }

  /** Takes note; whether it is news to others. That a condition still holds is news: its figures may be others. */
  take({ kind, active }: DeviceNotice): boolean {
    this.unconfirmed.delete(kind);
    if (!active) return this.standing.delete(kind);
    this.standing.add(kind);
    return true;
  }

  /** Nothing is over before, monotonic ms. */
  get dueMs(): number {
    return this.unconfirmed.size > 0 ? this.deadlineMs : Number.POSITIVE_INFINITY;
  }

  /** Conditions that are over since no session spoke of them any more; each is named once. */
  claimOver(nowMs: number): readonly NoticeKind[] {
    if (nowMs < this.deadlineMs) return [];
    const over = [...this.unconfirmed];
    this.unconfirmed.clear();
    for (const kind of over) this.standing.delete(kind);
    return over;
  }
}
