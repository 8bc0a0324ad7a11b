import type { Clock } from '../core/clock.ts';
import { maxChunkAgeMs } from './chunk-table.ts';
import type { Database } from './database.ts';
import { readRaw, readRollup } from './history-reading.ts';
import { type RolledUp, richest, rollUp, stepMs, stretchMs, stretchOf } from './rollup.ts';
import { encodeRollup } from './rollup-chunk.ts';
import { type Due, replaceRollups, rollupOwner, type StoredRollup, selectDue } from './rollup-table.ts';
import type { Scaling } from './whole.ts';

/** How long after its end a stretch is left alone: by then its chunks are closed and written. */
const settleMs = maxChunkAgeMs + 600_000;
/** Tags rolled up in one transaction: a query waits for as much at most. */
const tagsPerTurn = 32;
/** Turns between two writes of the tail: 5,000 tags take ten minutes of the six hours that there are. */
const turnsPerStep = 8;
const resolutions: readonly RolledUp[] = ['minute', 'hour'];

/** What the roller works with. */
export interface RollerParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Runs a piece of work alone on the database. */
  exclusive<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Scaling of a tag by its number in the database. */
  scaling(id: number): Scaling;
  onDamage(text: string, blocks: readonly string[]): void;
}

/**
 * Makes roll-ups of what has aged, a little at a time. Each is made of all raw samples of its stretch together with the
 * striking of what was due: after a kill it is made again, and a late sample makes it anew.
 */
export class Roller {
  private readonly parts: RollerParts;

  constructor(parts: RollerParts) {
    this.parts = parts;
  }

  /** One helping of what is due; resolves with whether more may be. Rejects when the disk refuses. */
  async step(): Promise<boolean> {
    for (let turn = 0; turn < turnsPerStep; turn++) {
      if (!(await this.parts.exclusive(() => this.turn()))) return false;
    }
    return true;
  }

  private async turn(): Promise<boolean> {
    const { database, clock } = this.parts;
    const due = await selectDue(database, stretchOf(clock.wallMs() - settleMs), tagsPerTurn);
    if (due.length === 0) return false;
    const made: StoredRollup[] = [];
    for (const each of due) made.push(...(await this.make(each)));
    await database.exec('BEGIN');
    try {
      await replaceRollups(database, made, due);
      await database.exec('COMMIT');
    } catch (cause) {
      await database.exec('ROLLBACK').catch(() => undefined);
      throw cause;
    }
    return due.length === tagsPerTurn;
  }

  /** Rows that stand on more samples than raw history still has are kept. */
  private async make({ stretch, tag }: Due): Promise<readonly StoredRollup[]> {
    const { database, scaling, onDamage } = this.parts;
    const fromMs = stretch * stretchMs;
    const raw = await readRaw(database, tag, fromMs, fromMs + stretchMs - 1);
    onDamage(`roll up history of tag ${tag}`, raw.damaged);
    const made: StoredRollup[] = [];
    for (const resolution of resolutions) {
      const fresh = rollUp(raw.series, stepMs[resolution]);
      const before = await readRollup(database, resolution, tag, stretch);
      const rollup = before ? richest([before, fresh]) : fresh;
      if (rollup.times.length === 0) continue;
      const owner = rollupOwner(resolution, { stretch, tag });
      made.push({ resolution, stretch, tag, bytes: encodeRollup(rollup, scaling(tag), owner) });
    }
    return made;
  }
}
