import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.ts';
import { type ModelReply, type ModelRequest, ModelSession } from './model-session.ts';

/** What came of a request; `late` and `dead` are the gateway's own words for a thread that does not answer. */
export type ThreadReply = ModelReply | { readonly type: 'late' } | { readonly type: 'dead'; readonly reason: string };

/** Where a model answers: what a worker is to those who ask it. */
export interface ModelPort {
  postMessage(request: ModelRequest): void;
  on(event: 'message', heard: (reply: ModelReply) => void): unknown;
  on(event: 'error', heard: (error: unknown) => void): unknown;
  on(event: 'exit', heard: (code: number) => void): unknown;
  unref(): void;
  terminate(): Promise<unknown>;
}

/** The thread of `model-worker.ts`, from source or compiled, whichever this file is. */
export function spawnModelWorker(): Worker {
  const name = import.meta.url.endsWith('.ts') ? './model-worker.ts' : './model-worker.js';
  return new Worker(new URL(name, import.meta.url));
}

/** A model that answers in the thread that asks, where nobody is held up by it; `onAsked` gets each answer on its way. */
export function modelInThisThread(onAsked: (answer: Promise<unknown>) => void): ModelPort {
  const model = new ModelSession();
  const answers = new EventEmitter();
  return {
    postMessage: (request) => onAsked(model.answer(request).then((reply) => answers.emit('message', reply))),
    on: (event: string, heard: (news: never) => void) => answers.on(event, heard as (news: unknown) => void),
    unref: () => undefined,
    terminate: async () => undefined,
  };
}

/** One request at a time to a worker thread, each with a deadline. An answer after its deadline is dropped. */
export class ModelThread {
  private readonly worker: ModelPort;
  private readonly clock: Clock;
  private settle: ((reply: ThreadReply) => void) | undefined;
  /** Answers still to come for requests that were given up. */
  private overdue = 0;
  private closed = false;

  /** @param onDead called once when the thread ends by itself */
  constructor(worker: ModelPort, clock: Clock, onDead: (reason: string) => void) {
    this.worker = worker;
    this.clock = clock;
    worker.unref();
    const die = (reason: string) => {
      if (this.closed) return;
      this.closed = true;
      this.settle?.({ type: 'dead', reason });
      onDead(reason);
    };
    worker.on('error', (error) => die(String(error)));
    worker.on('exit', (code) => die(`ended with code ${code}`));
    worker.on('message', (reply: ModelReply) => {
      if (this.overdue > 0) this.overdue--;
      else this.settle?.(reply);
    });
  }

  /** Whether a request is on its way, a given-up one included. */
  get busy(): boolean {
    return this.settle !== undefined || this.overdue > 0;
  }

  /** Never rejects. Must not be called while `busy`. */
  request(request: ModelRequest, deadlineMs: number): Promise<ThreadReply> {
    return new Promise((resolve) => {
      if (this.closed) return resolve({ type: 'dead', reason: 'closed' });
      const timer = this.clock.after(deadlineMs, () => {
        this.overdue++;
        this.settle?.({ type: 'late' });
      });
      this.settle = (reply) => {
        timer.cancel();
        this.settle = undefined;
        resolve(reply);
      };
      this.worker.postMessage(request);
    });
  }

  async stop(): Promise<void> {
    this.closed = true;
    this.settle?.({ type: 'dead', reason: 'stopped' });
    await this.worker.terminate();
  }
}

/** Why a reply is no good, in words. */
export function reasonOf(reply: ThreadReply): string {
  if (reply.type === 'late') return 'no answer in time';
  return 'reason' in reply
    ? reply.reason
    : reply.type === 'outputs'
      ? 'an output that is no finite number'
      : reply.type;
}
