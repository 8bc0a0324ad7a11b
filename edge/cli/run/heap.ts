import { setFlagsFromString } from 'node:v8';
import type { Clock } from '../../core/clock.ts';

/** Old objects are swept when they have grown by this share of what was held, %. By itself V8 waits until they have doubled. */
const growthPercent = 30;
/** What a start takes once, tables and texts of configuration, is garbage by then. */
const startedMs = 30_000;

/**
 * Holds the memory of a process that goes on for months near what it needs, from now on. What a gateway puts aside for a
 * minute at most (chunks on their way to the disk) grows old, and old garbage is most of what would be resident. While it
 * starts, pages that come free go back to the system too: V8 keeps them for itself otherwise, as many as there ever were.
 */
export function sweepEarly(clock: Clock): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  setFlagsFromString('--optimize-for-size');
  clock.after(startedMs, () => setFlagsFromString('--no-optimize-for-size'));
}
