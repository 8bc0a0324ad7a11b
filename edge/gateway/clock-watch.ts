import type { Clock } from '../core/clock.ts';

/** A step at least this large is told: a leap second is one, the slewing of NTP (0.5 ms a second at most) is none. */
const leastJumpMs = 500;
/** The two clocks were not read at one moment when reading them took longer. */
const mostReadingMs = 50;

/** A step of the wall clock. */
export interface ClockJump {
  /** Above 0 when it went forward, ms. */
  readonly byMs: number;
  /** What it would have shown, and what it shows; ms since epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Notices when the wall clock moves against the monotonic one; each step is told once. */
export class ClockWatch {
  private offsetMs: number | undefined;
  private readonly clock: Clock;
  private readonly onJump: (jump: ClockJump) => void;

  constructor(clock: Clock, onJump: (jump: ClockJump) => void) {
    this.clock = clock;
    this.onJump = onJump;
  }

  /** To be called before anything that measures by stamps, and every second. */
  look(): void {
    const beganMs = this.clock.monotonicMs();
    const toMs = this.clock.wallMs();
    const nowMs = this.clock.monotonicMs();
    if (nowMs - beganMs > mostReadingMs) return;
    const before = this.offsetMs;
    this.offsetMs = toMs - nowMs;
    const byMs = before === undefined ? 0 : Math.round(this.offsetMs - before);
    if (Math.abs(byMs) >= leastJumpMs) this.onJump({ byMs, fromMs: toMs - byMs, toMs });
  }
}
