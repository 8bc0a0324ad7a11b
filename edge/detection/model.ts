import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock, Timer } from '../core/clock.ts';
import { describeError, LifelineError } from '../core/errors.ts';
import { modelErrors } from './errors.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { type ModelPort, ModelThread, reasonOf } from './model-thread.ts';
import { parityObjection } from './parity.ts';

/** A scan without an answer after this long is decided without the model. */
const ANSWER_DEADLINE_MS = 500;
const LOAD_DEADLINE_MS = 20_000;
const RESTART_FIRST_MS = 5_000;
const RESTART_MAX_MS = 300_000;
/** The same trouble is told again after this long at the earliest. */
const NOTICE_EVERY_MS = 60_000;

/** Where a model stands: `refused` for good (file or manifest wrong), `down` until its thread is up again. */
export interface ModelStatus {
  readonly state: 'loading' | 'ready' | 'refused' | 'down' | 'stopped';
  readonly file: string;
  readonly version: string;
  /** Code of the newest trouble, empty when none. */
  readonly code: string;
  readonly runs: number;
  readonly bypassed: number;
}

/** What a run came to: one output per row, or why there is none (a code, or `loading`). */
export type ModelAnswer = { readonly outputs: Float32Array } | { readonly bypassed: string };

/** What a model runs on. */
interface ModelHost {
  readonly clock: Clock;
  readonly notice: (error: LifelineError) => void;
  /** It can be asked: for the first time, or again after trouble. */
  readonly ready: () => void;
  /** Starts the thread that runs the model. */
  readonly spawn: () => ModelPort;
  /** Reads a manifest that says more than the common one; gives the objection where the model may not be used. */
  readonly read?: (text: string) => Manifest | LifelineError;
}

/**
 * One model in a thread of its own. It loads in the background; until it has passed hash and parity, and whenever it
 * fails, `run` answers `bypassed` with the reason, and whoever asked goes on without it.
 */
export class ModelRunner {
  /** Known once the file has been read and checked. */
  manifest: Manifest | undefined;
  private readonly settled: Promise<void>;
  private readonly host: ModelHost;
  private readonly manifestFile: string;
  private bytes: Uint8Array = new Uint8Array(0);
  private state: ModelStatus['state'] = 'loading';
  private code = '';
  private thread: ModelThread | undefined;
  private restart: Timer | undefined;
  private restartMs = RESTART_FIRST_MS;
  private sequence = 0;
  private runs = 0;
  private bypassed = 0;
  private readonly told = new Map<string, number>();
  private newest: Promise<unknown> = Promise.resolve();

  constructor(manifestFile: string, host: ModelHost) {
    this.manifestFile = manifestFile;
    this.host = host;
    this.settled = this.open();
  }

  /** One batch: rows one after the other, each as wide as the manifest's inputs. Never rejects. */
  run(rows: Float32Array): Promise<ModelAnswer> {
    const answer = this.answer(rows).then((given) => {
      if ('outputs' in given) this.runs++;
      else this.bypassed++;
      return given;
    });
    this.newest = answer;
    return answer;
  }

  /** Another output for one row, such as contributions; undefined when the model is busy or cannot be asked. */
  async explain(row: Float32Array, outputName: string): Promise<Float32Array | undefined> {
    if (this.state !== 'ready' || !this.thread || this.thread.busy) return undefined;
    const request = { type: 'run', id: ++this.sequence, rows: row, width: row.length, outputName } as const;
    const asked = this.thread.request(request, ANSWER_DEADLINE_MS);
    this.newest = asked;
    const reply = await asked;
    return reply.type === 'outputs' && reply.outputs.every(Number.isFinite) ? reply.outputs : undefined;
  }

  /** Resolves when loading and the newest run have come to an end. */
  async idle(): Promise<void> {
    await this.settled;
    await this.newest;
  }

  status(): ModelStatus {
    const { state, file, code, runs, bypassed } = this;
    return { state, file, version: this.manifest?.version ?? '', code, runs, bypassed };
  }

  /** Ends the thread; may be called twice. */
  async stop(): Promise<void> {
    this.state = 'stopped';
    this.restart?.cancel();
    await this.thread?.stop();
    this.thread = undefined;
  }

  private get file(): string {
    return this.manifest ? join(dirname(this.manifestFile), this.manifest.file) : this.manifestFile;
  }

  private async answer(rows: Float32Array): Promise<ModelAnswer> {
    const { thread, manifest } = this;
    if (this.state !== 'ready' || !thread || !manifest) return { bypassed: this.code || this.state };
    const width = manifest.inputs.length;
    const reply = thread.busy
      ? ({ type: 'late' } as const)
      : await thread.request({ type: 'run', id: ++this.sequence, rows, width }, ANSWER_DEADLINE_MS);
    if (reply.type === 'late') {
      return this.trouble(
        'SLOW',
        `score ${rows.length / width} rows with ${this.file}: no answer in ${ANSWER_DEADLINE_MS} ms`,
      );
    }
    if (
      reply.type === 'outputs' &&
      reply.outputs.length === rows.length / width &&
      reply.outputs.every(Number.isFinite)
    ) {
      this.healthy();
      return { outputs: reply.outputs };
    }
    if (reply.type === 'dead') return { bypassed: this.code || this.state };
    return this.trouble('OUTPUT', `score ${rows.length / width} rows with ${this.file}: ${reasonOf(reply)}`);
  }

  private async open(): Promise<void> {
    let manifest: Manifest | LifelineError;
    try {
      const text = await readFile(this.manifestFile, 'utf8');
      try {
        manifest = (this.host.read ?? parseManifest)(text);
      } catch (error) {
        return this.refuse('MANIFEST', `read manifest ${this.manifestFile}`, error);
      }
      if (manifest instanceof LifelineError) return this.refuseWith(manifest);
      this.manifest = manifest;
      this.bytes = await readFile(this.file);
    } catch (error) {
      return this.refuse('MISSING', `read ${this.file}`, error);
    }
    const found = createHash('sha256').update(this.bytes).digest('hex');
    const { sha256 } = manifest;
    if (found !== sha256) {
      return this.refuse(
        'HASH',
        `check ${this.file}: sha256 ${found.slice(0, 12)}…, its manifest says ${sha256.slice(0, 12)}…`,
      );
    }
    await this.start(manifest);
  }

  /** Starts the thread, loads what was checked (not what lies on the disk now), and compares the manifest's figures. */
  private async start(manifest: Manifest): Promise<void> {
    if (this.state === 'stopped') return;
    const { inputName, outputName, inputs, parity } = manifest;
    const thread = new ModelThread(this.host.spawn(), this.host.clock, (reason) => this.died(reason));
    this.thread = thread;
    const load = await thread.request({ type: 'load', bytes: this.bytes, inputName, outputName }, LOAD_DEADLINE_MS);
    if (load.type === 'dead') return;
    if (load.type !== 'loaded') return this.refuse('LOAD', `load ${this.file}: ${reasonOf(load)}`);
    const rows = Float32Array.from(parity.flatMap(({ input }) => input));
    const reply = await thread.request({ type: 'run', id: 0, rows, width: inputs.length }, LOAD_DEADLINE_MS);
    if (reply.type === 'dead') return;
    const objection = parityObjection(this.file, parity, reply);
    if (objection) return this.refuseWith(objection);
    // one vector is enough to see that the same file gives the same figures in the next thread
    this.manifest = { ...manifest, parity: parity.slice(0, 1) };
    this.state = 'ready';
    this.code = '';
    this.host.ready();
  }

  private healthy(): void {
    if (this.code === '') return;
    this.code = '';
    this.host.ready();
  }

  private async refuse(
    name: 'MISSING' | 'MANIFEST' | 'HASH' | 'LOAD',
    message: string,
    cause?: unknown,
  ): Promise<void> {
    const text = cause === undefined ? message : `${message}: ${describeError(cause)}`;
    return this.refuseWith(modelErrors.create(name, text, cause));
  }

  private async refuseWith(error: LifelineError): Promise<void> {
    if (this.state === 'stopped') return;
    this.state = 'refused';
    this.tell(error);
    await this.thread?.stop();
    this.thread = undefined;
  }

  private died(reason: string): void {
    if (this.state === 'stopped' || this.state === 'refused') return;
    this.state = 'down';
    this.thread = undefined;
    this.tell(
      modelErrors.create('WORKER', `run ${this.file}: its thread ${reason}; next start in ${this.restartMs / 1000} s`),
    );
    this.restart = this.host.clock.after(this.restartMs, () => {
      if (this.manifest) void this.start(this.manifest);
    });
    this.restartMs = Math.min(RESTART_MAX_MS, this.restartMs * 2);
  }

  private trouble(name: 'SLOW' | 'OUTPUT', message: string): ModelAnswer {
    this.tell(modelErrors.create(name, message));
    return { bypassed: this.code };
  }

  private tell(error: LifelineError): void {
    this.code = error.code;
    const now = this.host.clock.monotonicMs();
    if (now - (this.told.get(error.code) ?? Number.NEGATIVE_INFINITY) < NOTICE_EVERY_MS) return;
    this.told.set(error.code, now);
    this.host.notice(error);
  }
}
