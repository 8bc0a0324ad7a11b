import type { Clock, Timer } from './clock.ts';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  /** Undefined once cancelled: its place in the heap is left when its time comes. */
  run: (() => void) | undefined;
}

const isBefore = (a: Entry, b: Entry): boolean => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

/**
 * A clock that moves only when told. `advance` runs what falls due in order of time, then of registration, and between
 * two callbacks lets the promises they started settle and waits for all that is held: a disk, a thread, a wire. So a run
 * never depends on the machine's speed.
 */
export class VirtualClock implements Clock {
  private nowMs = 0;
  private order = 0;
  private epochMs: number;
  /** Binary heap: an entry is before those at 2i + 1 and 2i + 2. */
  private readonly heap: Entry[] = [];
  private held = 0;
  private onFree: (() => void) | undefined;

  constructor(startWallMs = 0) {
    this.epochMs = startWallMs;
  }

  wallMs(): number {
    return this.epochMs + this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const entry: Entry = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.order++, run };
    this.put(entry);
    return {
      cancel: () => {
        entry.run = undefined;
      },
    };
  }

  /** Time stands still from now until the function that it returns is called, which may be called twice. */
  hold(): () => void {
    this.held++;
    let holds = true;
    return () => {
      if (!holds) return;
      holds = false;
      if (--this.held === 0) this.onFree?.();
    };
  }

  /** Time stands still until the promise is settled; gives the same promise. */
  waitFor<Result>(work: Promise<Result>): Promise<Result> {
    const release = this.hold();
    work.then(release, release);
    return work;
  }

  /** Moves the wall clock only, as an operator or NTP would; monotonic time is untouched. */
  jumpWall(deltaMs: number): void {
    this.epochMs += deltaMs;
  }

  /** Moves forward by `deltaMs`, running every timer that falls due on the way. */
  async advance(deltaMs: number): Promise<void> {
    const endMs = this.nowMs + deltaMs;
    for (;;) {
      await this.quiet();
      const run = this.takeDue(endMs);
      if (!run) break;
      run();
    }
    this.nowMs = endMs;
  }

  /** Resolves when nothing is held and the reactions to what was held have run. */
  private async quiet(): Promise<void> {
    await settle();
    while (this.held > 0) {
      await new Promise<void>((resolve) => {
        this.onFree = resolve;
      });
      await settle();
    }
  }

  /** The next callback up to `endMs`, with the time moved to when it is due. */
  private takeDue(endMs: number): (() => void) | undefined {
    for (let next = this.heap[0]; next && next.dueMs <= endMs; next = this.heap[0]) {
      this.dropFirst();
      if (!next.run) continue;
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      return next.run;
    }
    return undefined;
  }

  private put(entry: Entry): void {
    const { heap } = this;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = heap[above] as Entry;
      if (!isBefore(entry, parent)) break;
      heap[place] = parent;
      place = above;
    }
    heap[place] = entry;
  }

  private dropFirst(): void {
    const { heap } = this;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[place] = heap[child] as Entry;
      place = child;
    }
    heap[place] = last;
  }
}

/** Lets pending promise reactions and immediate callbacks run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
