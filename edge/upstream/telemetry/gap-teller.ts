import type { Clock } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Journal } from '../../store/api.ts';
import type { OwedWindow } from './ledger.ts';

/** One event speaks for all that was given up in this time. */
const tellIntervalMs = 600_000;
/** Devices named in one event. */
const maxNamed = 20;

/** Why values are not sent any more: history no longer has them, or the sink's buffer is full. */
export type GapReason = 'retention' | 'buffer';

/** What was given up for one reason and not told yet. */
interface Gap {
  fromMs: number;
  toMs: number;
  samples: number;
  readonly devices: Set<string>;
}

/** What is needed to tell. */
interface TellerParts {
  readonly sink: string;
  readonly gateway: string;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells, as events `gateway.data-gap`, what a sink is never going to send. */
export class GapTeller {
  private readonly gaps = new Map<GapReason, Gap>();
  private nextMs = Number.NEGATIVE_INFINITY;
  private telling = false;
  private readonly parts: TellerParts;

  constructor(parts: TellerParts) {
    this.parts = parts;
  }

  /** Notes what was given up; returns how many samples that are. */
  add(reason: GapReason, windows: readonly OwedWindow[]): number {
    let samples = 0;
    for (const { device, spans } of windows) {
      for (const span of spans) {
        if (span.samples === 0) continue; // nobody knows that there was anything
        samples += span.samples;
        this.note(reason, device, span);
      }
    }
    return samples;
  }

  /** Writes an event for each reason when it is time; what the disk refuses is told later. */
  tell(): void {
    const { clock, log, sink } = this.parts;
    if (this.gaps.size === 0 || this.telling || clock.monotonicMs() < this.nextMs) return;
    const told = new Map(this.gaps);
    this.gaps.clear();
    this.telling = true;
    this.nextMs = clock.monotonicMs() + tellIntervalMs;
    this.write(told)
      .catch((error) => {
        log.warn({ sink }, `tell values that are given up: ${describeError(error)}`);
        for (const [reason, gap] of told) {
          let { samples } = gap;
          for (const device of gap.devices) {
            this.note(reason, device, { ...gap, samples });
            samples = 0;
          }
        }
      })
      .finally(() => {
        this.telling = false;
      });
  }

  private async write(gaps: ReadonlyMap<GapReason, Gap>): Promise<void> {
    const { journal, gateway, sink, clock } = this.parts;
    const events = Array.from(gaps, ([reason, { fromMs, toMs, samples, devices }]) => ({
      ...{ type: 'gateway.data-gap' as const, time: clock.wallMs(), subject: gateway, utility: 'gateway' },
      data: {
        ...{ sink, reason, lost: Math.round(samples) },
        ...{ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() },
        ...{ devices: [...devices].slice(0, maxNamed), deviceCount: devices.size },
      },
    }));
    await journal.append(events);
  }

  private note(reason: GapReason, device: string, { fromMs, toMs, samples }: Omit<Gap, 'devices'>): void {
    const gap = this.gaps.get(reason) ?? { fromMs, toMs, samples: 0, devices: new Set<string>() };
    gap.fromMs = Math.min(gap.fromMs, fromMs);
    gap.toMs = Math.max(gap.toMs, toMs);
    gap.samples += samples;
    gap.devices.add(device);
    this.gaps.set(reason, gap);
  }
}
