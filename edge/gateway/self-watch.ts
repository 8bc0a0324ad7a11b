import { type CertificateAge, certificateWarningDays, endsSoon } from '../core/certificate-age.ts';
import type { Clock, Timer } from '../core/clock.ts';
import type { Finding } from '../core/finding.ts';
import type { DeviceHealth } from '../core/status.ts';
import { SlowGroups } from './slow-groups.ts';
import { StoreWatch, type WatchedStore } from './store-watch.ts';

/** A device must be away this long before it is an alarm: a reconnect is not worth a person's time. */
const deviceLostMs = 5_000;
/** A sink that has delivered nothing of what waits, whose far end has missed heartbeats, or that was in trouble, for this long is an alarm. */
const sinkAwayMs = 60_000;
/** So is one whose values are this far behind; they come later from history, so that it may wait longer. */
const valuesBehindMs = 900_000;
const lookMs = 1_000;
/** What is claimed of certificates that end. */
const certificateKinds = ['console-certificate-ends', 'sink-certificate-ends'] as const;
/** What is claimed of devices. */
const deviceKinds = ['lost', 'slow'];

/** The figures of a sink that are watched. */
export interface WatchedSink {
  readonly id: string;
  readonly state: string;
  /** Empty where there is no trouble. */
  readonly lastError: string;
  readonly oldestPendingMs: number;
  readonly backlogMs?: number;
  readonly deadLetters?: number;
  readonly heartbeatOverdueMs?: number;
}

/** A certificate that is watched. */
export interface WatchedCertificate extends CertificateAge {
  readonly kind: (typeof certificateKinds)[number];
  /** What it belongs to, for people. */
  readonly name: string;
}

export interface WatchOptions {
  readonly gateway: string;
  readonly clock: Clock;
  devices(): readonly DeviceHealth[];
  sinks(): readonly WatchedSink[];
  store(): WatchedStore;
  certificates?(): readonly WatchedCertificate[];
  /** Senders whose codes are refused because they guess. */
  guessing?(): readonly string[];
  /** Called with every look's claims; repeated claims are the register's to ignore. */
  onFinding(finding: Finding): void;
}

/** What a claim rests on. */
interface Facts {
  readonly tag: string;
  readonly observed: number;
  readonly limit: number;
  /** Seconds when left out. */
  readonly unit?: string;
  readonly decision?: Readonly<Record<string, string>>;
}

/**
 * Looks once a second at the gateway's own parts and claims what is wrong with them: devices that are
 * lost or too slow for their periods, sinks that are away, a store that is short of room or damaged.
 */
export class SelfWatch {
  private readonly options: WatchOptions;
  private readonly away = new Map<string, number>();
  private readonly troubledSince = new Map<string, number>();
  private readonly slowGroups = new SlowGroups();
  private readonly storeWatch = new StoreWatch();
  private readonly claimed = new Set<string>();
  private known: ReadonlySet<string> = new Set();
  private timer: Timer | undefined;

  constructor(options: WatchOptions) {
    this.options = options;
  }

  start(): void {
    this.timer = this.options.clock.after(lookMs, () => {
      this.look();
      this.start();
    });
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private look(): void {
    const nowMs = this.options.clock.monotonicMs();
    const devices = this.options.devices();
    this.forgetAllBut(new Set(devices.map(({ id }) => id)));
    for (const device of devices) {
      const lost = device.state !== 'online';
      if (lost && !this.away.has(device.id)) this.away.set(device.id, nowMs);
      if (!lost) this.away.delete(device.id);
      const awayMs = nowMs - (this.away.get(device.id) ?? nowMs);
      this.claim(device.id, 'lost', awayMs >= deviceLostMs, () => ({
        tag: device.endpoint,
        observed: Math.round(awayMs / 1000),
        limit: deviceLostMs / 1000,
        ...(device.lastError ? { decision: { error: device.lastError } } : {}),
      }));
      this.lookAtPace(device, nowMs);
    }
    this.lookAtSinks(this.options.sinks(), nowMs);
    this.lookAtCertificates();
    this.lookAtGuesses();
    for (const { kind, active, facts } of this.storeWatch.look(this.options.store(), nowMs)) {
      this.claim(this.options.gateway, kind, active, () => facts);
    }
  }

  private lookAtSinks(sinks: readonly WatchedSink[], nowMs: number): void {
    const { gateway } = this.options;
    const late = (kind: string, limitMs: number, ageMs: (sink: WatchedSink) => number) => {
      const { id, most } = worst(sinks, ageMs);
      this.claim(gateway, kind, most >= limitMs, () => ({
        ...{ tag: id, observed: Math.round(most / 1000), limit: limitMs / 1000 },
      }));
    };
    late('sink-away', sinkAwayMs, (sink) =>
      Math.max(sink.oldestPendingMs, sink.heartbeatOverdueMs ?? 0, this.troubledMs(sink, nowMs)),
    );
    late('values-behind', valuesBehindMs, ({ backlogMs = 0 }) => backlogMs);
    const { id, most } = worst(sinks, ({ deadLetters = 0 }) => deadLetters);
    this.claim(gateway, 'dead-letter', most > 0, () => ({ tag: id, observed: most, limit: 0, unit: '' }));
  }

  /** How long a road has been in trouble, whether or not something waits for it. */
  private troubledMs({ id, state, lastError }: WatchedSink, nowMs: number): number {
    if (state === 'online' || lastError === '') this.troubledSince.delete(id);
    else if (!this.troubledSince.has(id)) this.troubledSince.set(id, nowMs);
    return nowMs - (this.troubledSince.get(id) ?? nowMs);
  }

  private lookAtCertificates(): void {
    const ending = (this.options.certificates?.() ?? []).filter(endsSoon).sort((a, b) => a.daysLeft - b.daysLeft);
    for (const kind of certificateKinds) {
      const first = ending.find((one) => one.kind === kind);
      this.claim(this.options.gateway, kind, first !== undefined, () => ({
        ...{ tag: first?.name ?? '', observed: first?.daysLeft ?? 0, limit: certificateWarningDays, unit: 'd' },
      }));
    }
  }

  private lookAtGuesses(): void {
    const { gateway, guessing } = this.options;
    const senders = guessing?.() ?? [];
    this.claim(gateway, 'codes-guessed', senders.length > 0, () => ({
      ...{ tag: senders[0] ?? '', observed: senders.length, limit: 0, unit: '' },
    }));
  }

  private lookAtPace(device: DeviceHealth, nowMs: number): void {
    const slow = this.slowGroups.look(device, nowMs);
    this.claim(device.id, 'slow', slow !== undefined, () => ({
      tag: device.endpoint,
      observed: (slow?.achievedMs ?? 0) / 1000,
      limit: (slow?.periodMs ?? 0) / 1000,
      decision: {
        points: `${slow?.points}`,
        requests: `${slow?.requests ?? '–'}`,
        overruns: `${slow?.overruns}`,
      },
    }));
  }

  /** A device that is not configured any more has its alarms ended by the register. */
  private forgetAllBut(devices: ReadonlySet<string>): void {
    for (const id of this.known) {
      if (devices.has(id)) continue;
      this.away.delete(id);
      this.slowGroups.forget(id);
      for (const kind of deviceKinds) this.claimed.delete(`${id}/${kind}`);
    }
    this.known = devices;
  }

  /** @param factsOf asked only when the claim is news */
  private claim(asset: string, kind: string, active: boolean, factsOf: () => Facts): void {
    const key = `${asset}/${kind}`;
    if (active === this.claimed.has(key)) return;
    if (active) this.claimed.add(key);
    else this.claimed.delete(key);
    const { tag, observed, limit, unit = 's', decision } = factsOf();
    this.options.onFinding({
      asset,
      kind,
      from: 'self-watch',
      active,
      score: active ? 1 : 0,
      time: this.options.clock.wallMs(),
      evidence: [{ tag, observed, expected: limit, unit, windowS: unit === 's' ? observed : 0 }],
      ...(active && decision ? { decision } : {}),
    });
  }
}

/** The sink of which there is most of something, and how much. */
function worst(sinks: readonly WatchedSink[], of: (sink: WatchedSink) => number): { id: string; most: number } {
  const none = { id: '', most: 0 };
  return sinks.reduce((found, sink) => (of(sink) > found.most ? { id: sink.id, most: of(sink) } : found), none);
}
