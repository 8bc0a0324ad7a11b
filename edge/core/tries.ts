/** Tries within this time count together. */
const windowMs = 60_000;
/** Tries that are looked at within it, of whoever may be guessing. */
const mostTries = 10;
/** Whoever tries is remembered among so many; the one that was heard longest ago goes first. */
const mostRemembered = 10_000;

/** The tries of one within the last minute; times are monotonic ms. */
export class RecentTries {
  private times: number[] = [];

  /** Whether no more may be looked at. */
  isFull(nowMs: number): boolean {
    this.times = this.times.filter((at) => nowMs - at < windowMs);
    return this.times.length >= mostTries;
  }

  add(nowMs: number): void {
    this.times.push(nowMs);
  }

  /** The newest does not count. */
  takeBack(): void {
    this.times.pop();
  }
}

/** What is remembered of those who try, by their name. */
export class Triers<Record> {
  private readonly records = new Map<string, Record>();
  private readonly fresh: () => Record;

  constructor(fresh: () => Record) {
    this.fresh = fresh;
  }

  /** Of one who is heard now. */
  heard(name: string): Record {
    const found = this.records.get(name) ?? this.fresh();
    this.records.delete(name);
    this.records.set(name, found);
    if (this.records.size > mostRemembered) this.records.delete(this.records.keys().next().value as string);
    return found;
  }

  get(name: string): Record | undefined {
    return this.records.get(name);
  }

  all(): Iterable<readonly [name: string, record: Record]> {
    return this.records;
  }
}
