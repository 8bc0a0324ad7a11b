import type {
  DeviceDefinition,
  DeviceNotice,
  Driver,
  DriverHost,
  DriverSession,
  PollGroup,
  SessionEvents,
  WireListener,
} from '../../drivers/api.ts';
import { createBatch, type SampleBatch } from '../core/batch.ts';
import type { Timer } from '../core/clock.ts';
import type { SessionDiagnostics } from '../core/diagnostics.ts';
import { errorWithin, LifelineError, problemOf } from '../core/errors.ts';
import { isBad, Quality } from '../core/quality.ts';
import type { DeviceHealth, DeviceStatus } from '../core/status.ts';
import { both } from '../core/text.ts';
import { acquisitionErrors } from './errors.ts';
import { Freshness } from './freshness.ts';
import { GroupFigures } from './group-figures.ts';
import { Punctuality } from './lateness.ts';
import { type LinkEvent, type LinkState, nextLinkState } from './link-state.ts';
import { StandingNotices } from './notices.ts';
import { gridOf } from './poll-grid.ts';
import { PollSchedule } from './poll-schedule.ts';

const staleSweepMs = 1000;

/** Where a supervisor's news go. */
export interface SupervisorEvents {
  batch(batch: SampleBatch): void;
  changed(status: DeviceStatus): void;
  /** A condition of the device holds or is over. */
  notice(notice: DeviceNotice): void;
  /** What goes over the wire, of whatever session. */
  readonly wire: WireListener;
}

/**
 * Keeps one device polled: connects, polls on an absolute schedule, marks what is stale or lost, backs off, tries again
 * for ever. Nothing that this device does reaches another one.
 */
export class DeviceSupervisor {
  private readonly device: DeviceDefinition;
  private readonly driver: Driver;
  private readonly host: DriverHost;
  private readonly events: SupervisorEvents;
  private readonly freshness: Freshness;
  /** Where the device stands among all; sets when it is polled. */
  private readonly place: number;
  /** Figures of the poll groups, in the order of every session's. */
  private groups: readonly GroupFigures[] = [];
  private readonly notices = new StandingNotices();
  private state: LinkState = { kind: 'stopped' };
  private since: number;
  /** Names the current attempt or session; what an older one still says is not heard. */
  private generation = 0;
  private session: DriverSession | undefined;
  /** The attempt under way, and sessions let go of that are not closed yet. */
  private readonly endings = new Set<Promise<unknown>>();
  private attempt = new AbortController();
  private stopping = new AbortController();
  private schedules: readonly PollSchedule[] = [];
  /** Back-off while backing off, stale sweep while online. */
  private timer: Timer | undefined;
  private lastError: LifelineError | undefined;
  private troubledAt = 0;
  /** Whether the last that others heard of the tags is that the link is lost. */
  private markedLost = false;
  private opened = 0;
  private samples = 0;
  private badSamples = 0;

  /** @param place of the device among all of the gateway; sets its phase */
  constructor(device: DeviceDefinition, driver: Driver, host: DriverHost, place: number, events: SupervisorEvents) {
    this.place = place;
    this.device = device;
    this.driver = driver;
    this.host = { ...host, random: host.random.fork(device.id) };
    this.events = events;
    this.freshness = new Freshness(device.points);
    this.since = host.clock.wallMs();
  }

  /** Begins to connect; returns at once. */
  start(): void {
    if (this.state.kind !== 'stopped') return;
    this.stopping = new AbortController();
    this.move({ kind: 'start' });
    this.connect();
  }

  /** Ends everything; resolves when no attempt and no session is left. May be called twice. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.release();
    if (this.state.kind !== 'stopped') this.move({ kind: 'stop' });
    await Promise.all(this.endings);
  }

  /** The open link, for commands; undefined while there is none. */
  openSession(): DriverSession | undefined {
    return this.state.kind === 'online' ? this.session : undefined;
  }

  health(): DeviceHealth {
    const { id, endpoint } = this.device;
    const { lastError: error, groups, state, troubledAt } = this;
    return {
      ...{ id, endpoint, state: state.kind, groups: groups.map((group) => group.pace()) },
      ...(error
        ? { lastError: `${error.code} ${error.message}`, problem: problemOf(error), troubledAt }
        : { lastError: '' }),
    };
  }

  status(): DeviceStatus {
    return {
      ...this.health(),
      driver: this.driver.name,
      since: this.since,
      nextStep: this.lastError?.next ?? '',
      tags: this.device.points.length,
      samples: this.samples,
      badSamples: this.badSamples,
      polls: Punctuality.ofAll(this.groups.map(({ punctuality }) => punctuality)).status(),
      groups: this.groups.map((group) => group.status()),
      reconnects: Math.max(0, this.opened - 1),
    };
  }

  /** What is asked of the device while a session stands. */
  diagnostics(): SessionDiagnostics {
    return this.openSession()?.diagnostics?.() ?? { requests: [], facts: [] };
  }

  private move(event: LinkEvent): void {
    const next = nextLinkState(this.state, event);
    if (next === this.state) return;
    this.state = next;
    this.since = this.host.clock.wallMs();
    this.events.changed(this.status());
  }

  private connect(): void {
    const generation = ++this.generation;
    const current = () => generation === this.generation;
    this.attempt = new AbortController();
    const events = {
      wire: this.events.wire,
      batch: (batch: SampleBatch) => current() && this.deliver(batch),
      waiting: (error: LifelineError) => current() && this.wait(error),
      lost: (error: LifelineError) => current() && this.fail(error),
      notice: (notice: DeviceNotice) => current() && this.notices.take(notice) && this.events.notice(notice),
    };
    this.freshness.forget();
    this.notices.forget();
    this.awaitEnd(
      this.open(events).then(
        (session) => (current() ? this.online(session) : session.close()),
        (error: unknown) => current() && this.fail(error),
      ),
    );
  }

  /** A driver that throws before it promises anything fails like one that rejects. */
  private async open(events: SessionEvents): Promise<DriverSession> {
    const host = { ...this.host, stopping: this.stopping.signal };
    return this.driver.open(this.device, events, host, this.attempt.signal);
  }

  private awaitEnd(ending: Promise<unknown>): void {
    const ended = ending.finally(() => this.endings.delete(ended));
    this.endings.add(ended);
  }

  private online(session: DriverSession): void {
    const { clock, log } = this.host;
    if (this.state.kind === 'connecting' && this.state.failures > 0) {
      log.info({ device: this.device.id, failures: this.state.failures }, `${this.device.id} answers again`);
    }
    this.session = session;
    this.opened++;
    this.freshness.expect(
      session.polls.flatMap((poll) => [...poll.tags]),
      clock.monotonicMs(),
    );
    this.notices.expect(clock.monotonicMs());
    this.move({ kind: 'opened', nowMs: clock.monotonicMs() });
    this.groups = session.polls.map((poll, index) => {
      const known = this.groups[index];
      return known?.periodMs === poll.periodMs ? known : new GroupFigures(clock, poll);
    });
    this.schedules = session.polls.map((poll, index) => this.schedule(poll, index));
    this.sweep();
  }

  private schedule(poll: PollGroup, index: number): PollSchedule {
    const figures = this.groups[index] as GroupFigures;
    const { generation } = this;
    const grid = gridOf(poll.periodMs, this.place, index);
    figures.adopt(poll);
    const schedule = new PollSchedule(this.host.clock, grid, figures, () => this.poll(poll, figures, generation));
    schedule.start();
    return schedule;
  }

  private async poll(group: PollGroup, figures: GroupFigures, generation: number): Promise<void> {
    const current = () => generation === this.generation;
    let batch: SampleBatch;
    try {
      batch = await group.read();
    } catch (error) {
      if (current()) this.fail(error);
      return;
    }
    if (!current()) return;
    figures.read();
    this.deliver(batch);
  }

  private deliver(batch: SampleBatch): void {
    const { quality } = batch;
    this.samples += quality.length;
    for (let row = 0; row < quality.length; row++) if (isBad(quality[row] as number)) this.badSamples++;
    this.freshness.take(batch, this.host.clock.monotonicMs());
    this.markedLost = false;
    this.events.batch(batch);
  }

  private fail(cause: unknown): void {
    const { clock, random } = this.host;
    const error = this.coded(cause);
    this.complain(error, this.state.kind === 'connecting' && this.state.failures > 0);
    this.release();
    this.markLost();
    this.move({ kind: 'failed', nowMs: clock.monotonicMs(), chance: random.next() });
    if (this.state.kind !== 'backing-off') return;
    this.timer = clock.after(this.state.delayMs, () => {
      this.move({ kind: 'retry' });
      this.connect();
    });
  }

  /** The attempt goes on; nobody knows for how long. */
  private wait(error: LifelineError): void {
    if (this.state.kind !== 'connecting') return;
    this.complain(error, true);
    this.markLost();
    this.events.changed(this.status());
  }

  /** Warns of a trouble once while it lasts. */
  private complain(error: LifelineError, lasts: boolean): void {
    const { log } = this.host;
    const fields = { code: error.code, device: this.device.id, next: error.next };
    if (lasts && this.lastError?.code === error.code) log.debug(fields, error.message);
    else log.warn(fields, error.message);
    this.lastError = error;
    this.troubledAt = this.host.clock.wallMs();
  }

  private markLost(): void {
    if (!this.markedLost) this.mark(this.allTags(), Quality.comm);
    this.markedLost = true;
  }

  private coded(cause: unknown): LifelineError {
    if (cause instanceof LifelineError) return cause;
    const what = errorWithin(cause);
    const { name } = this.driver;
    const { id, endpoint } = this.device;
    const text = both(
      `driver ${name} of ${id} (${endpoint}) failed unexpectedly: ${what.en}`,
      `${id}（${endpoint}）的驱动 ${name} 意外出错：${what.zh}`,
    );
    return acquisitionErrors.create('DRIVER', text, cause);
  }

  /** Lets go of the attempt or session that is under way; what it still says is not heard. */
  private release(): void {
    this.generation++;
    this.attempt.abort();
    this.timer?.cancel();
    for (const schedule of this.schedules) schedule.stop();
    this.schedules = [];
    for (const group of this.groups) group.rest();
    if (this.session) this.awaitEnd(this.session.close());
    this.session = undefined;
  }

  /** Looks for what is stale at whole seconds from when the session stood, and not before there can be any. */
  private sweep(): void {
    const { clock } = this.host;
    const dueMs = Math.min(this.freshness.dueMs(clock.monotonicMs()), this.notices.dueMs);
    const sweeps = Math.max(1, Math.ceil((dueMs - clock.monotonicMs()) / staleSweepMs));
    this.timer = clock.after(sweeps * staleSweepMs, () => {
      const stale = this.freshness.claimStale(clock.monotonicMs());
      if (stale.length > 0) {
        this.markedLost = false;
        this.mark(stale, Quality.stale);
      }
      for (const kind of this.notices.claimOver(clock.monotonicMs())) this.events.notice({ kind, active: false });
      this.sweep();
    });
  }

  private allTags(): number[] {
    return this.device.points.map((point) => point.tag);
  }

  /** Tells everybody that these tags have no value now, and why. */
  private mark(tags: readonly number[], quality: number): void {
    const now = this.host.clock.wallMs();
    const batch = createBatch(this.device.id, tags.length, now);
    batch.tags.set(tags);
    batch.values.fill(Number.NaN);
    batch.quality.fill(quality);
    batch.times.fill(now);
    this.events.batch(batch);
  }
}
