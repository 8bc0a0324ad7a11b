import type { PollGroup } from '../../drivers/api.ts';
import type { Clock } from '../core/clock.ts';
import type { GroupPace, GroupStatus } from '../core/status.ts';
import { Punctuality } from './lateness.ts';
import { PeriodMeter } from './period-meter.ts';
import type { PollObserver } from './poll-schedule.ts';

/** How one poll group keeps its period, over all sessions of its device. */
export class GroupFigures implements PollObserver {
  readonly punctuality = new Punctuality();
  private readonly clock: Clock;
  private readonly meter: PeriodMeter;
  private group: PollGroup;
  private readings = 0;

  constructor(clock: Clock, group: PollGroup) {
    this.clock = clock;
    this.group = group;
    this.meter = new PeriodMeter(group.periodMs);
  }

  get periodMs(): number {
    return this.group.periodMs;
  }

  /** A session begins to read the group. */
  adopt(group: PollGroup): void {
    this.group = group;
  }

  /** The session is gone: while nothing is due no period is kept or missed. */
  rest(): void {
    this.meter.forget();
  }

  started(latenessMs: number, periodMs: number): void {
    this.punctuality.started(latenessMs, periodMs);
    this.meter.start(this.clock.monotonicMs());
  }

  skipped(periodMs: number, times?: number): void {
    this.punctuality.skipped(periodMs, times);
  }

  /** All points of the group were read once. */
  read(): void {
    this.readings++;
  }

  pace(): GroupPace {
    const { achievedMs, steadyMs } = this.meter.figures(this.clock.monotonicMs());
    return {
      periodMs: this.periodMs,
      achievedMs: rounded(achievedMs),
      steadyMs: rounded(steadyMs),
      overruns: this.punctuality.overruns,
      points: this.group.tags.length,
      requests: this.group.requests ?? null,
    };
  }

  status(): GroupStatus {
    return { ...this.pace(), p99LatenessMs: this.punctuality.status().p99LatenessMs, readings: this.readings };
  }
}

const rounded = (durationMs: number | null) => (durationMs === null ? null : Math.round(durationMs * 10) / 10);
