import type { Worker } from 'node:worker_threads';
import type { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { spawnModelWorker } from '../../edge/detection/model-thread.ts';
import { type OpenDatabase, openDatabase } from '../../edge/store/database.ts';

/** The disk, for a run in virtual time: the clock stands still while a statement is on its way. */
export function heldDatabases(clock: VirtualClock): OpenDatabase {
  return async (path) => {
    const database = await clock.waitFor(openDatabase(path));
    return {
      exec: (sql) => clock.waitFor(database.exec(sql)),
      run: (sql, ...values) => clock.waitFor(database.run(sql, ...values)),
      all: (sql, ...values) => clock.waitFor(database.all(sql, ...values)),
      close: () => clock.waitFor(database.close()),
    };
  };
}

/** Threads of models, for a run in virtual time: the clock stands still from a request to its answer or the thread's end. */
export function heldThreads(clock: VirtualClock): () => Worker {
  return () => {
    const worker = spawnModelWorker();
    const open: (() => void)[] = [];
    const answered = () => {
      open.shift()?.();
      if (open.length === 0) worker.unref();
    };
    const ask = worker.postMessage.bind(worker);
    worker.postMessage = (...message) => {
      open.push(clock.hold());
      worker.ref();
      ask(...message);
    };
    worker.on('message', answered);
    worker.on('exit', () => {
      for (const release of open.splice(0)) release();
    });
    return worker;
  };
}
