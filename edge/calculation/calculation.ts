import type { SampleBatch } from '../core/batch.ts';
import { type Clock, every } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { Log } from '../core/log.ts';
import type { TagTable } from '../core/tag.ts';
import type { CalculatedPoint } from './bound.ts';
import { type CalculatedEntry, entryOf } from './entry.ts';
import { writeMemory } from './memory.ts';
import { Sweep } from './sweep.ts';

/** Between two writes of what points remember: with the time one write takes, at most a minute is lost in a crash. */
const saveIntervalMs = 30_000;

export interface CalculationParts {
  /** In the order in which they can be computed. */
  readonly points: readonly CalculatedPoint[];
  readonly tags: TagTable;
  readonly live: LiveTable;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes samples on the way that those of devices go; they must come back by `batch`. */
  readonly push: (batch: SampleBatch) => void;
  /** What points remember, as text by tag name: read once for each point, kept up to date. */
  readonly memories: Map<string, string>;
  /** Brings changed memories to disk. */
  readonly save: (changed: ReadonlyMap<string, string>) => Promise<void>;
}

/** All calculated points of a gateway. */
export interface Calculation {
  /** Every batch that the live table has, calculated ones included. */
  batch(batch: SampleBatch): void;
  start(): void;
  /**
   * Ends all timers and puts what points remember into the memories, at once; resolves when the disk has them. May be
   * called twice.
   */
  stop(): Promise<void>;
  status(): CalculationStatus;
  readonly entries: readonly CalculatedEntry[];
}

export interface CalculationStatus {
  readonly points: number;
  /** Since the start of this configuration. */
  readonly evaluations: number;
}

/**
 * Computes points from the live table and sends them the way of all samples.
 * @param before of the configuration before this one, stopped: points that are the same go on undisturbed
 */
export function createCalculation(parts: CalculationParts, before?: Calculation): Calculation {
  const entries = parts.points.map((point) => entryOf(point, parts, before?.entries));
  const sweep = new Sweep(entries, parts);
  const { clock, log, memories } = parts;
  let timers: (() => void)[] = [];
  let unsaved = new Map<string, string>();
  let saving: Promise<void> = Promise.resolve();

  function collect(): void {
    for (const { name, point, program } of entries) {
      if (program.memory.length === 0 || program.savedAtMs === 0) continue;
      const text = writeMemory({ meaning: point.meaning, atMs: program.savedAtMs, cells: [...program.memory] });
      if (memories.get(name) !== text) unsaved.set(name, text);
      memories.set(name, text);
    }
  }

  function save(): Promise<void> {
    collect();
    const changed = unsaved;
    unsaved = new Map();
    if (changed.size === 0) return saving;
    saving = saving
      .then(() => parts.save(changed))
      .catch((error) => {
        unsaved = new Map([...changed, ...unsaved]);
        log.warn({ subject: 'calculated points' }, `keep totals and counters: ${describeError(error)}`);
      });
    return saving;
  }

  return {
    entries,
    batch: (batch) => sweep.take(batch),
    start() {
      const periods = new Set(entries.flatMap(({ point }) => point.periodMs ?? []));
      timers = [
        ...[...periods].map((periodMs) => every(clock, periodMs, () => sweep.due(periodMs))),
        every(clock, saveIntervalMs, () => void save()),
      ];
    },
    stop() {
      for (const stopTimer of timers.splice(0)) stopTimer();
      return save();
    },
    status: () => ({ points: entries.length, evaluations: sweep.evaluations }),
  };
}
