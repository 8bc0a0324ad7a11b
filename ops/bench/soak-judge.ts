import type { SampleBatch } from '../../edge/core/batch.ts';
import type { Log } from '../../edge/core/log.ts';
import { isBad } from '../../edge/core/quality.ts';
import { ageTicks, fits } from './soak-register.ts';

/** What a reader of the soak has seen. */
export interface Verdict {
  readonly good: number;
  readonly bad: number;
  /** Good samples of another place, put together from two values, or of a place that the PLC does not have; bad ones with a number. */
  readonly wrong: number;
  /** Good samples that were true at another time than the one they carry. */
  readonly outdated: number;
  /** Errors without a code of ours, or with the one that says a driver failed as it must not. */
  readonly uncoded: number;
}

/** Decides by itself, from what registers hold, which samples are right. */
export class SoakJudge {
  private readonly seen = { good: 0, bad: 0, wrong: 0, outdated: 0, uncoded: 0 };
  private readonly absent: ReadonlySet<number>;
  private readonly maxAgeTicks: number;
  /** Warnings and errors of the reading side. */
  readonly log: Log;

  private readonly tell: (uncoded: unknown) => void;

  /** @param absent tags whose place no PLC has; every tag is the number of its place */
  constructor(absent: ReadonlySet<number>, maxAgeTicks: number, tell: (uncoded: unknown) => void) {
    this.tell = tell;
    this.absent = absent;
    this.maxAgeTicks = maxAgeTicks;
    const complaint: Log['warn'] = ({ code }, message) => {
      if (typeof code === 'string' && code.startsWith('LL-') && code !== 'LL-ACQUISITION-DRIVER') return;
      this.foreign(message);
    };
    this.log = { debug: () => undefined, info: () => undefined, warn: complaint, error: complaint };
  }

  get verdict(): Verdict {
    return { ...this.seen };
  }

  take({ tags, values, quality, times }: SampleBatch): void {
    for (let row = 0; row < tags.length; row++) {
      const [tag, value] = [tags[row] as number, values[row] as number];
      if (isBad(quality[row] as number)) {
        this.seen.bad++;
        if (!Number.isNaN(value)) this.seen.wrong++;
        continue;
      }
      this.seen.good++;
      if (this.absent.has(tag) || !fits(tag, value)) this.seen.wrong++;
      else {
        const age = ageTicks(value, times[row] as number);
        if (age < 0 || age > this.maxAgeTicks) this.seen.outdated++;
      }
    }
  }

  /** Takes note of what nobody caught, or of a complaint without a code. */
  foreign(what: unknown): void {
    this.seen.uncoded++;
    this.tell(what);
  }
}
