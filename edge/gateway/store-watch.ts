import type { DiskState, StoreFigures } from '../store/api.ts';

/** The figures of the store that are watched. */
export interface WatchedStore {
  readonly figures: StoreFigures;
  readonly disk: DiskState | undefined;
  /** Events that wait for a journal which refuses them. */
  readonly waiting: number;
}

/** What is claimed of the gateway's store, and on what it rests. */
interface StoreClaim {
  readonly kind: string;
  readonly active: boolean;
  readonly facts: { readonly tag: string; readonly observed: number; readonly limit: number; readonly unit: string };
}

/** Events wait for the disk this long before it is worth saying: a commit takes milliseconds. */
const waitingMs = 5_000;
/** An alarm of what was lost or damaged stands until nothing was added for this long. */
const quietMs = 3_600_000;

/** Judges the store's figures at every look. */
export class StoreWatch {
  private readonly grownAt = new Map<string, { readonly count: number; readonly atMs: number }>();
  private waitingSince: number | undefined;

  look({ figures, disk, waiting }: WatchedStore, nowMs: number): readonly StoreClaim[] {
    const damaged = figures.damagedRecords + figures.damagedChunks;
    if (waiting === 0) this.waitingSince = undefined;
    else this.waitingSince ??= nowMs;
    const waits = nowMs - (this.waitingSince ?? nowMs) >= waitingMs;
    const freeMb = Math.floor((disk?.freeBytes ?? 0) / 1e6);
    return [
      this.counted('store-damaged', damaged, nowMs),
      this.counted('events-lost', figures.lostEvents, nowMs),
      { kind: 'journal-refuses', active: waits, facts: { tag: '', observed: waiting, limit: 0, unit: '' } },
      {
        kind: 'history-behind',
        active: figures.historyBehind > 0,
        facts: { tag: '', observed: figures.historyBehind, limit: 0, unit: '' },
      },
      {
        kind: 'disk-low',
        active: disk?.low ?? false,
        facts: { tag: '', observed: freeMb, limit: Math.round((disk?.keepFreeBytes ?? 0) / 1e6), unit: 'MB' },
      },
    ];
  }

  /** Active from when the count grows until it has not grown for a while. */
  private counted(kind: string, count: number, nowMs: number): StoreClaim {
    const before = this.grownAt.get(kind);
    if (count > (before?.count ?? 0)) this.grownAt.set(kind, { count, atMs: nowMs });
    const grown = this.grownAt.get(kind);
    const active = grown !== undefined && nowMs - grown.atMs < quietMs;
    return { kind, active, facts: { tag: '', observed: count, limit: 0, unit: '' } };
  }
}
