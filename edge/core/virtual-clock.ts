import type { Clock, Timer } from './clock.ts';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  /** Undefined once cancelled: its place in the heap is left when its time comes. */
  run: (() => void) | undefined;
}

/** Callbacks in one turn of the event loop: a turn is a system call, which costs more than most of them. */
const mostPerTurn = 64;

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
    while (!(await this.turn(endMs))) if (this.held > 0) await this.free();
    this.nowMs = endMs;
  }

  /**
   * One turn of the event loop: callbacks as they fall due, each in an immediate of its own, so that what the one before
   * it started has settled. Resolves with whether nothing is due any more; sooner when something is held.
   */
  private turn(endMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      let left = Math.min(this.heap.length + 1, mostPerTurn);
      const immediates = Array.from({ length: left }, () =>
        setImmediate(() => {
          left--;
          try {
            const run = this.held > 0 ? undefined : this.takeDue(endMs);
            run?.();
            if (run && left > 0) return;
            resolve(!run && this.held === 0);
          } catch (error) {
            reject(error);
          }
          for (const immediate of immediates) clearImmediate(immediate);
        }),
      );
    });
  }

  /** Resolves when nothing is held. */
  private free(): Promise<void> {
    return new Promise((resolve) => {
      this.onFree = resolve;
    });
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
