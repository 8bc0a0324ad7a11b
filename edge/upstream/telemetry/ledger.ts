import { z } from 'zod';
import type { SampleBatch } from '../../core/batch.ts';
import { type Span, Spans } from './spans.ts';

/** Two missed batches further apart are two spans: a source's clock that jumped by years is not read through. */
const maxJoinMs = 3_600_000;
/** Just behind a sample: far below any source's resolution, and exact in a double until the year 2248. */
const justAfter = (timeMs: number): number => timeMs + 1 / 1024;

/** What a full buffer is trimmed to, so that it is not trimmed with every batch. */
const trimmedShare = 0.95;

const savedLedger = z.record(
  z.string(),
  z.object({ seenToMs: z.number(), owed: z.array(z.tuple([z.number(), z.number(), z.number()])) }),
);

/** What is owed of one device, in its own source time. */
interface DeviceAccount {
  readonly owed: Spans;
  /** Taken out to be sent, and not confirmed. */
  readonly out: Spans;
  /** Just behind the last batch that was sent or owed; what follows is unknown to the ledger. */
  seenToMs: number;
  /** Whether the newest batch was missed: the next one missed goes on with its span. */
  missing: boolean;
  /** Whether a batch came since the start. */
  heard: boolean;
}

/** A part of what is owed of a device. */
export interface OwedWindow {
  readonly device: string;
  readonly spans: readonly Span[];
}

/**
 * What a road owes, by device, in source time. A sample that is in nobody's hands is in a span here: missed, or sent and
 * not confirmed when the connection went. Does not hold the samples, which are in the history.
 */
export class Ledger {
  private readonly accounts = new Map<string, DeviceAccount>();
  /** Sent since the newest round began. */
  private sent = new Map<string, Span>();
  /** Sent before it, and not confirmed. */
  private inRound = new Map<string, Span>();

  /** Takes over what was saved; nothing where that is not of this version. */
  restore(text: string): void {
    const saved = savedLedger.safeParse(parsed(text));
    for (const [device, { seenToMs, owed }] of Object.entries(saved.data ?? {})) {
      const account = this.account(device);
      account.seenToMs = seenToMs;
      for (const [fromMs, toMs, samples] of owed) account.owed.add({ fromMs, toMs, samples });
    }
  }

  /** As text: whatever is not confirmed counts as owed. */
  saved(): string {
    const devices = [...this.accounts].map(([device, { owed, out, seenToMs }]) => {
      const all = new Spans();
      for (const span of [...owed.all, ...out.all]) all.add(span);
      for (const span of [this.inRound.get(device), this.sent.get(device)]) if (span) all.add(span);
      return [device, { seenToMs, owed: all.all.map(({ fromMs, toMs, samples }) => [fromMs, toMs, samples]) }];
    });
    return JSON.stringify(Object.fromEntries(devices));
  }

  /** A batch that was handed to the road. */
  noteSent(batch: SampleBatch): void {
    const span = this.seen(batch);
    if (!span) return;
    this.account(batch.device).missing = false;
    this.sent.set(batch.device, joined(this.sent.get(batch.device), span));
  }

  /** A batch that did not go; it is owed. */
  noteMissed(batch: SampleBatch): void {
    const { seenToMs, missing } = this.account(batch.device);
    const span = this.seen(batch);
    if (!span) return;
    const goesOn = missing && span.fromMs > seenToMs && span.fromMs - seenToMs < maxJoinMs;
    const account = this.account(batch.device);
    account.owed.add(goesOn ? { ...span, fromMs: seenToMs } : span);
    account.missing = true;
  }

  /** Whether anything was sent since the newest round began. */
  get hasUnconfirmed(): boolean {
    return this.sent.size > 0;
  }

  /** From here on a confirmation speaks of what was sent before. */
  beginRound(): void {
    for (const [device, span] of this.sent) this.inRound.set(device, joined(this.inRound.get(device), span));
    this.sent = new Map();
  }

  confirmRound(): void {
    this.inRound = new Map();
  }

  /** The connection went: what is not confirmed is owed. */
  lose(): void {
    this.beginRound();
    for (const [device, span] of this.inRound) this.account(device).owed.add(span);
    this.confirmRound();
  }

  /** The stretch between what was saved and the first batch since the start is owed; for devices that stay silent up to now. */
  oweOfSilent(nowMs: number): void {
    for (const [device, account] of this.accounts) if (!account.heard) this.firstHeard(device, nowMs);
  }

  /** The oldest owed part of the devices in question, at most `maxMs` long, taken out until it is done or given back. */
  take(maxMs: number, wanted: (device: string) => boolean): OwedWindow | undefined {
    const oldest = this.oldest(wanted);
    if (!oldest) return undefined;
    const { device, span } = oldest;
    const { owed, out } = this.account(device);
    const spans = owed.take(span.fromMs, Math.min(span.toMs, span.fromMs + maxMs));
    for (const part of spans) out.add(part);
    return { device, spans };
  }

  done({ device, spans }: OwedWindow): void {
    const { out } = this.account(device);
    for (const { fromMs, toMs } of spans) out.take(fromMs, toMs);
  }

  giveBack(window: OwedWindow): void {
    this.done(window);
    const { owed } = this.account(window.device);
    for (const span of window.spans) owed.add(span);
  }

  /** Drops what is older than `oldestMs`, then the oldest beyond `maxSamples`; returns what was given up. */
  trim(oldestMs: number, maxSamples: number): readonly OwedWindow[] {
    const given = [...this.accounts].map(([device, { owed }]) => ({
      device,
      spans: owed.take(Number.NEGATIVE_INFINITY, oldestMs),
    }));
    const kept = this.samples > maxSamples ? maxSamples * trimmedShare : maxSamples;
    for (let excess = this.samples - kept; excess > 0; excess = this.samples - kept) {
      const oldest = this.oldest(() => true);
      if (!oldest) break;
      const { device, span } = oldest;
      const share = Math.min(1, excess / span.samples);
      const toMs = share > 0.99 ? span.toMs : Math.ceil(span.fromMs + (span.toMs - span.fromMs) * share) + 1;
      given.push({ device, spans: this.account(device).owed.take(span.fromMs, toMs) });
    }
    return given.filter(({ spans }) => spans.length > 0);
  }

  /** About how many samples wait to be sent. */
  get samples(): number {
    return [...this.accounts.values()].reduce((sum, { owed }) => sum + owed.samples, 0);
  }

  /** Source time of the oldest sample owed, of the devices in question; undefined when nothing is. */
  oldestMs(wanted: (device: string) => boolean): number | undefined {
    const starts = [...this.accounts]
      .filter(([device]) => wanted(device))
      .flatMap(([, { owed, out }]) => [owed.all[0], out.all[0]])
      .flatMap((span) => (span ? [span.fromMs] : []));
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  private oldest(wanted: (device: string) => boolean): { device: string; span: Span } | undefined {
    let found: { device: string; span: Span } | undefined;
    for (const [device, { owed }] of this.accounts) {
      const [span] = owed.all;
      if (span && wanted(device) && span.fromMs < (found?.span.fromMs ?? Number.POSITIVE_INFINITY))
        found = { device, span };
    }
    return found;
  }

  /** The span of a batch, which is from now on known to the ledger; undefined when no sample has a time. */
  private seen({ device, times }: SampleBatch): Span | undefined {
    let [fromMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < times.length; row++) {
      const time = times[row] as number;
      if (!Number.isFinite(time)) continue;
      if (time < fromMs) fromMs = time;
      if (time > lastMs) lastMs = time;
    }
    if (fromMs > lastMs) return undefined;
    const span = { fromMs, toMs: justAfter(lastMs), samples: times.length };
    const account = this.account(device);
    if (!account.heard) this.firstHeard(device, fromMs);
    account.seenToMs = span.toMs;
    return span;
  }

  private firstHeard(device: string, atMs: number): void {
    const account = this.account(device);
    account.heard = true;
    if (!Number.isFinite(account.seenToMs)) return;
    account.owed.add({ fromMs: account.seenToMs, toMs: atMs, samples: 0 });
    account.seenToMs = atMs;
  }

  private account(device: string): DeviceAccount {
    let account = this.accounts.get(device);
    if (!account) {
      const nothingYet = { seenToMs: Number.NEGATIVE_INFINITY, missing: false, heard: false };
      account = { owed: new Spans(), out: new Spans(), ...nothingYet };
      this.accounts.set(device, account);
    }
    return account;
  }
}

function joined(a: Span | undefined, b: Span): Span {
  if (!a) return b;
  return {
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    samples: a.samples + b.samples,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
