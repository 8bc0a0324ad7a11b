import type { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { type ModelPort, modelInThisThread } from '../../edge/detection/model-thread.ts';
import { type OpenDatabase, openDatabase } from '../../edge/store/database.ts';

/** The disk, for a run in virtual time: the clock stands still while a statement is on its way. */
export function heldDatabases(clock: VirtualClock, open: OpenDatabase = openDatabase): OpenDatabase {
  return async (path) => {
    const database = await clock.waitFor(open(path));
    return {
      exec: (sql) => clock.waitFor(database.exec(sql)),
      run: (sql, ...values) => clock.waitFor(database.run(sql, ...values)),
      all: (sql, ...values) => clock.waitFor(database.all(sql, ...values)),
      close: () => clock.waitFor(database.close()),
    };
  };
}

/**
 * Models for a run in virtual time: each answers in this thread, which costs a fraction of the way to another and back,
 * and the clock stands still until it has.
 */
export function heldModels(clock: VirtualClock): () => ModelPort {
  return () => modelInThisThread((answer) => void clock.waitFor(answer));
}
