import { createBatch } from '../../edge/core/batch.ts';
import type { Timer } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { Quality } from '../../edge/core/quality.ts';
import { both } from '../../edge/core/text.ts';
import type { DeviceDefinition, DriverHost, DriverSession, PollGroup, SessionEvents } from '../api.ts';
import { replayErrors } from './errors.ts';
import type { Moment, MomentSource } from './moment.ts';
import type { ReplayOptions } from './options.ts';
import { FileProblems } from './problems.ts';

/** After so many samples in a row others get their turn. */
const samplesPerTurn = 20_000;
/** Timers reach 24 days; a longer pause of the file is waited for in pieces. */
const maxWaitMs = 3_600_000;
/** How long the values of a file with a single time hold. */
const defaultStepMs = 1000;

/**
 * Plays moments at the pace of the clock, from the first to the last, as if a device told of them. Reads only as far as
 * it plays. At the end its points have no values any more, which is told by a notice: opening again would begin again.
 */
export class Playback implements DriverSession {
  readonly polls: readonly PollGroup[] = [];
  private readonly device: DeviceDefinition;
  private readonly source: MomentSource;
  private readonly options: ReplayOptions;
  private readonly events: SessionEvents;
  private readonly host: DriverHost;
  private readonly problems: FileProblems;
  private readonly startAt: number | undefined;
  private readonly original: boolean;
  private moments: Iterator<Moment | undefined, void> | undefined;
  private next: Moment | undefined;
  /** Time of those days at which the pass begins, and the clock's at that point. */
  private base: number | undefined;
  private passStartMs = 0;
  private passStartWallMs = 0;
  private lastAt = 0;
  private stepMs = defaultStepMs;
  private played = 0;
  private timer: Timer | undefined;
  private closed = false;

  constructor(
    device: DeviceDefinition,
    source: MomentSource,
    options: ReplayOptions,
    events: SessionEvents,
    host: DriverHost,
  ) {
    this.device = device;
    this.source = source;
    this.options = options;
    this.events = events;
    this.host = host;
    this.problems = new FileProblems(source.file, device.id, host.log);
    this.startAt = options.startAt === undefined ? undefined : Date.parse(options.startAt);
    this.original = (options.times ?? (options.speed === 'max' ? 'original' : 'now')) === 'original';
  }

  /** Begins a pass; the first values come with the next turn of the clock. */
  start(): void {
    const { clock } = this.host;
    this.base = this.startAt ?? this.source.start;
    this.passStartMs = clock.monotonicMs();
    this.passStartWallMs = clock.wallMs();
    this.moments = this.source.read(this.problems.report);
    this.timer = clock.after(0, () => this.play());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.cancel();
    this.moments?.return?.();
    this.next = undefined;
  }

  private play(): void {
    try {
      const turn = this.playTurn();
      if (turn === 'over') this.passEnded();
      if (turn === 'more' && !this.closed) this.timer = this.host.clock.after(0, () => this.play());
    } catch (cause) {
      if (!(cause instanceof LifelineError)) throw cause;
      this.ended(cause);
    }
  }

  /** Plays what is due, up to a limit; `waiting` when a timer is set for what comes next. */
  private playTurn(): 'more' | 'waiting' | 'over' {
    const { clock } = this.host;
    for (let budget = samplesPerTurn; budget > 0 && !this.closed; ) {
      const moment = this.next ?? this.pull();
      if (moment === 'over') return 'over';
      this.next = undefined;
      budget -= 1 + (moment?.points.length ?? 0);
      if (!moment || (this.startAt !== undefined && moment.at < this.startAt)) continue;
      const waitMs = this.passStartMs + this.offsetMs(moment.at) - clock.monotonicMs();
      if (waitMs > 0) {
        this.next = moment;
        this.timer = clock.after(Math.min(waitMs, maxWaitMs), () => this.play());
        return 'waiting';
      }
      this.deliver(moment);
    }
    return 'more';
  }

  private pull(): Moment | undefined | 'over' {
    const result = this.moments?.next();
    return !result || result.done ? 'over' : result.value;
  }

  /** How long after the beginning of the pass something is due that happened at a time of those days. */
  private offsetMs(at: number): number {
    this.base ??= at;
    return this.options.speed === 'max' ? 0 : (at - this.base) / this.options.speed;
  }

  private deliver({ at, points, values, quality, times, texts }: Moment): void {
    if (at > this.lastAt && this.played > 0) this.stepMs = at - this.lastAt;
    this.lastAt = at;
    this.played += points.length;
    const tagOf = (index: number) => this.device.points[index]?.tag as number;
    const tags = points.map(tagOf);
    const held = texts ? { texts: new Map([...texts].map(([index, text]) => [tagOf(index), text])) } : {};
    const shifted = this.original ? times : times.map((time) => this.passStartWallMs + this.offsetMs(time));
    const received = this.host.clock.wallMs();
    this.events.batch({ device: this.device.id, tags, values, quality, times: shifted, received, ...held });
  }

  /** The last values hold as long as those before them did. */
  private passEnded(): void {
    const { loop, speed } = this.options;
    if (this.played === 0 || speed === 'max') this.ended();
    else
      this.timer = this.host.clock.after(Math.min(this.stepMs / speed, maxWaitMs), () =>
        loop ? this.start() : this.ended(),
      );
  }

  private ended(broken?: LifelineError): void {
    this.moments = undefined;
    const { id, points } = this.device;
    const now = this.host.clock.wallMs();
    const last = createBatch(id, points.length, now);
    last.tags.set(points.map(({ tag }) => tag));
    last.values.fill(Number.NaN);
    last.quality.fill(Quality.notConnected);
    last.times.fill(this.original && this.played > 0 ? this.lastAt + this.stepMs : now);
    this.events.batch(last);
    const unread = this.problems.summary();
    const told = both(
      `${id} has played all of ${this.source.file}: ${this.played} values${unread.en}`,
      `${id} 已放完 ${this.source.file}：${this.played} 个值${unread.zh}`,
    );
    const error = broken ?? replayErrors.create('ENDED', told);
    const { code, next, message } = error;
    this.host.log[broken ? 'warn' : 'info']({ code, device: id, next }, message);
    this.events.notice?.({ kind: 'replay-ended', active: true, error, observed: this.played, limit: 0, unit: '' });
  }
}
