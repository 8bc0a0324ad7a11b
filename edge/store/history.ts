import { AgeClock } from '../core/age-clock.ts';
import type { SampleBatch } from '../core/batch.ts';
import type { Clock, Timer } from '../core/clock.ts';
import { resized } from '../core/columns.ts';
import { describeError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { Quality } from '../core/quality.ts';
import { type TagTable, tagClass } from '../core/tag.ts';
import type { History, Series, TelemetryGap } from './api.ts';
import { ChunkPacker, samplesOf, type WaitingChunk } from './chunk-packer.ts';
import { chunkSizeFor, slotOf } from './chunk-slot.ts';
import { chunkSpan, insertChunks, noteClosing, numberTags, setCounters } from './chunk-table.ts';
import { type Database, isDamage } from './database.ts';
import { storeErrors } from './errors.ts';
import { type Fresh, freshGroups } from './fresh-samples.ts';
import { readCourse } from './history-reading.ts';
import { OpenChunk, OpenSamples } from './open-chunk.ts';
import type { Quarantine } from './quarantine.ts';
import { type Classes, type Retention, trim } from './retention.ts';
import { Roller } from './roller.ts';
import { markDue } from './rollup-table.ts';
import { mergeSeries, spanOf, thinSeries } from './series.ts';
import { encodeSegment, type Remainder } from './tail.ts';
import { allowedBytes } from './used-bytes.ts';
import type { Scaling } from './whole.ts';

/** Between two writes of the tail: what a crash costs at most, with the time one write takes. */
const flushIntervalMs = 30_000;
/** The same while the disk refuses: space that somebody makes is used soon. */
const retryIntervalMs = 5_000;
/** With so many chunks it is tried whether it takes them again, before all is encoded. */
const chunksPerTry = 256;
/** Closed chunks are written with every so manieth tail, to fill pages; until then the tail has their samples. */
const flushesPerChunkWrite = 4;
/** So many fill pages by themselves, and do not wait for a tail. */
const chunksPerWrite = 8_192;
/** Closed chunks that wait for a disk which fails or is too slow; the oldest go first. */
const maxWaitingChunks = 50_000;
const noScaling: Scaling = { scale: 1, offset: 0 };

/** What `openStore` found in the file. */
export interface HistoryState {
  /** Number in the database of every tag ever stored, by name. */
  readonly ids: ReadonlyMap<string, number>;
  /** Chunks that were open when the gateway went. */
  readonly remainders: readonly Remainder[];
  readonly nextSegment: number;
  readonly nextGeneration: number;
  /** Present when the file was not closed the last time. */
  readonly gap: TelemetryGap | undefined;
}

/** Telemetry on SQLite: open chunks in memory with a tail on disk, closed chunks in a table. */
export class SqliteHistory implements History {
  /** Samples that no disk will see: bad times, or waiting beyond the limit. */
  dropped = 0;
  /** Those of them that waited beyond the limit, since the disk last kept up. */
  behind = 0;
  private open: (OpenChunk | undefined)[];
  /** By tag index: source time that belongs to the chunk after the open one. */
  private endsMs: Float64Array;
  /** By tag index: monotonic time at which the open chunk is closed when the tag has fallen silent. */
  private closeAtMs: Float64Array;
  private readonly samples = new OpenSamples();
  private tags: TagTable;
  /** Number in the database by tag name, of every tag ever stored. */
  private numbers: ReadonlyMap<string, number>;
  /** The same by tag index. */
  private ids: readonly number[];
  private samplesPerChunk: number;
  private readonly packer = new ChunkPacker();
  private waiting: WaitingChunk[] = [];
  /** The first so many of them are on their way to the disk. */
  private underWay = 0;
  private generation: number;
  private segment: number;
  private turn: Promise<unknown> = Promise.resolve();
  private timer: Timer | undefined;
  private flushes = 0;
  private failing = false;
  private closing = false;
  private readonly roller: Roller;
  private readonly age: AgeClock;
  private readonly parts: HistoryParts;

  constructor(parts: HistoryParts) {
    this.parts = parts;
    const { tags, state } = parts;
    this.tags = tags;
    this.open = new Array(tags.size).fill(undefined);
    this.endsMs = new Float64Array(tags.size);
    this.closeAtMs = new Float64Array(tags.size);
    this.numbers = state.ids;
    this.ids = numbersOf(tags, state.ids);
    this.samplesPerChunk = chunkSizeFor(tags.size);
    this.generation = state.nextGeneration;
    this.segment = state.nextSegment;
    this.age = new AgeClock(parts.clock);
    this.roller = new Roller({
      ...{ database: parts.database, clock: parts.clock },
      exclusive: (run) => this.exclusive(run),
      scaling: (id) => (this.ids.includes(id) ? this.scaling(this.ids.indexOf(id)) : noScaling),
      onDamage: (text, blocks) => parts.quarantine.note(text, blocks),
    });
    this.recover(state.remainders);
    this.schedule();
  }

  append(batch: SampleBatch): void {
    const { tags, values, quality, times } = batch;
    for (let row = 0; row < tags.length; row++) {
      const tag = tags[row] as number;
      const time = times[row] as number;
      if (!Number.isFinite(time) || this.ids[tag] === undefined) {
        this.dropped++;
        continue;
      }
      this.add(tag, time, values[row] as number, quality[row] as number);
    }
  }

  private add(tag: number, time: number, value: number, quality: number): void {
    let chunk = this.open[tag];
    if (chunk && !chunk.takes(time, this.endsMs[tag] as number)) {
      this.closeChunk(tag, chunk);
      chunk = undefined;
    }
    chunk ??= this.place(tag, new OpenChunk(this.samples, this.generation++, time), time);
    chunk.add(time, value, quality);
  }

  async prepare(tags: TagTable): Promise<() => void> {
    const names = tags.definitions.flatMap(({ name }) => (name === '' || this.numbers.has(name) ? [] : [name]));
    const numbers = await this.exclusive(() => numberTags(this.parts.database, names));
    return () => this.adopt(tags, numbers);
  }

  /** Chunks of what stands at another index, or is scaled otherwise, end here. */
  private adopt(tags: TagTable, numbers: ReadonlyMap<string, number>): void {
    this.open.forEach((chunk, tag) => {
      const { name, scale, offset } = this.tags.at(tag);
      const after = tags.definitions[tag];
      if (chunk && !(after?.name === name && after.scale === scale && after.offset === offset)) {
        this.closeChunk(tag, chunk);
        this.open[tag] = undefined;
      }
    });
    this.open = Array.from({ length: tags.size }, (_, tag) => this.open[tag]);
    this.endsMs = resized(this.endsMs, new Float64Array(tags.size));
    this.closeAtMs = resized(this.closeAtMs, new Float64Array(tags.size));
    this.tags = tags;
    this.numbers = numbers;
    this.ids = numbersOf(tags, numbers);
    this.samplesPerChunk = chunkSizeFor(tags.size);
  }

  begin(): Promise<number | undefined> {
    return this.exclusive(async () => {
      const [stored] = (await chunkSpan(this.parts.database)) ?? [];
      if (stored !== undefined) return stored;
      const pieces = [...this.waiting.map(samplesOf), ...this.open.map((chunk) => chunk?.samples())];
      const firsts = pieces.flatMap((piece) => piece?.times[0] ?? []);
      return firsts.length === 0 ? undefined : firsts.reduce((a, b) => Math.min(a, b));
    });
  }

  query(tag: string, fromMs: number, toMs: number, maxPoints: number): Promise<Series> {
    return this.exclusive(async () => {
      const id = this.numbers.get(tag);
      const waiting = this.waiting.filter((chunk) => chunk.id === id).map(samplesOf);
      const open = this.open[this.tags.indexOf(tag) ?? -1]?.samples();
      const recent = [...waiting, open].filter((piece) => piece !== undefined);
      const asked = { id, fromMs, toMs, maxPoints, recent };
      const read = await readCourse(this.parts.database, asked).catch((cause) => {
        if (!isDamage(cause)) throw cause;
        return {
          series: thinSeries(mergeSeries(recent, fromMs, toMs), fromMs, toMs, maxPoints),
          damaged: [`pages/${tag}`],
        };
      });
      this.parts.quarantine.note(`read history of ${tag}`, read.damaged);
      return read.series;
    });
  }

  /** Writes closed chunks and the tail of open ones in one transaction. Never rejects: what fails is tried again later. */
  flush(): Promise<void> {
    return this.attempt(async () => {
      this.closeAged();
      if (this.failing) await this.put(chunksPerTry, false);
      const due = this.failing || this.flushes++ % flushesPerChunkWrite === 0;
      await this.put(due ? this.waiting.length : 0, true);
      if (this.failing) this.parts.log.info({}, 'history is written again');
      this.failing = false;
      const { database, retention, missingBytes } = this.parts;
      const maxBytes = await allowedBytes(database, retention.maxBytes, await missingBytes());
      await trim(database, { ...retention, maxBytes }, () => this.classes(), this.age.nowMs());
    });
  }

  /** Works alone on the database. Never rejects: what the disk refused is tried again later. */
  private attempt(run: () => Promise<void>): Promise<void> {
    return this.exclusive(() =>
      run().catch(async (cause) => {
        await this.parts.database.exec('ROLLBACK').catch(() => undefined);
        this.failed(cause);
      }),
    );
  }

  /** Writes the first of the waiting chunks, which wait no more then, and the tail of all else if wanted. */
  private async put(count: number, withTail: boolean): Promise<void> {
    const closed = this.waiting.slice(0, count);
    this.underWay = closed.length;
    try {
      const done = await this.write(closed, withTail);
      for (const settle of done) settle();
      this.waiting.splice(0, closed.length);
      if (this.waiting.length < chunksPerWrite) this.behind = 0;
    } finally {
      this.underWay = 0;
    }
  }

  /** A chunk waits: one too many is written, or gives up those that waited longest. */
  private wait(chunk: WaitingChunk): void {
    this.waiting.push(chunk);
    const early = this.waiting.length - this.underWay === chunksPerWrite && !this.failing;
    if (early) void this.attempt(() => this.put(this.waiting.length, false));
    // a disk that fails is tried soon again, and may take all of it then
    if (this.failing && this.underWay === 0) return;
    const told = this.behind > 0 || this.failing;
    this.shed();
    if (told || this.behind === 0) return;
    const { code, message, next } = storeErrors.create(
      'HISTORY-BEHIND',
      'write history: the oldest that waits is given up',
    );
    this.parts.log.warn({ code, next, dropped: this.dropped }, message);
  }

  /** Gives up the oldest chunks that wait beyond the limit, but for those on their way. */
  private shed(): void {
    for (const { samples } of this.waiting.splice(this.underWay, Math.max(0, this.waiting.length - maxWaitingChunks))) {
      this.dropped += samples;
      this.behind += samples;
    }
  }

  /** What is kept how long; tags gone from the configuration as measurements. */
  private classes(): Classes {
    const classes = new Map([...this.numbers.values()].map((id) => [id, 'measurement']));
    this.ids.forEach((id, tag) => {
      if (id !== undefined) classes.set(id, tagClass(this.tags.at(tag)));
    });
    return classes;
  }

  async close(): Promise<void> {
    this.closing = true;
    this.timer?.cancel();
    this.timer = undefined;
    await this.flush();
    if (!this.failing) await this.exclusive(() => noteClosing(this.parts.database));
  }

  /** Samples of a tag go to this chunk from now on, which begins with this source time. */
  private place(tag: number, chunk: OpenChunk, firstMs: number): OpenChunk {
    const { endMs, lastsMs } = slotOf(tag, this.tags.periodMs[tag], this.samplesPerChunk, firstMs);
    this.open[tag] = chunk;
    this.endsMs[tag] = endMs;
    this.closeAtMs[tag] = this.parts.clock.monotonicMs() + lastsMs;
    return chunk;
  }

  private closeChunk(tag: number, chunk: OpenChunk): void {
    this.wait(this.packer.close(chunk, this.ids[tag] as number, this.scaling(tag)));
  }

  private scaling(tag: number): Scaling {
    const { scale, offset } = this.tags;
    return { scale: scale[tag] as number, offset: offset[tag] as number };
  }

  /** Resolves with what is to be noted in memory once the transaction is through. */
  private async write(closed: readonly WaitingChunk[], withTail: boolean): Promise<(() => void)[]> {
    const { database } = this.parts;
    const done: (() => void)[] = [];
    const firstWritten = this.segment;
    await database.exec('BEGIN');
    await insertChunks(database, closed);
    await markDue(database, closed);
    if (closed.length > 0) await this.writeSegment(encodeSegment(closed, [], this.segment));
    for (const fresh of withTail ? this.freshGroups(closed.length) : []) {
      if (fresh.length === 0) continue;
      done.push(noting(fresh, this.segment));
      await this.writeSegment(encodeSegment([], fresh, this.segment));
    }
    await database.run('DELETE FROM tail WHERE segment < ?', Math.min(firstWritten, this.oldestNeeded(closed.length)));
    await setCounters(database, this.segment, this.generation);
    await database.exec('COMMIT');
    return done;
  }

  private async writeSegment(bytes: Uint8Array): Promise<void> {
    await this.parts.database.run('INSERT INTO tail (segment, bytes) VALUES (?, ?)', this.segment++, bytes);
  }

  /** What the tail on disk lacks, when the first `written` of the waiting chunks are in the table. */
  private freshGroups(written: number): Generator<readonly Fresh[]> {
    const keyOf = (tag: number) => ({ id: this.ids[tag] as number, scaling: this.scaling(tag) });
    return freshGroups(this.waiting.slice(written), this.open, keyOf);
  }

  private closeAged(): void {
    const now = this.parts.clock.monotonicMs();
    this.open.forEach((chunk, tag) => {
      if (!chunk || now < (this.closeAtMs[tag] as number)) return;
      this.closeChunk(tag, chunk);
      this.open[tag] = undefined;
    });
  }

  /** First earlier segment that a recovery still needs, when the first `written` waiting chunks are in the table. */
  private oldestNeeded(written: number): number {
    let oldest = this.segment;
    for (const chunk of this.open) oldest = Math.min(oldest, chunk?.firstSegment ?? oldest);
    for (const { source } of this.waiting.slice(written)) oldest = Math.min(oldest, source.firstSegment);
    return oldest;
  }

  private failed(cause: unknown): void {
    this.shed();
    const { code, message, next } = storeErrors.create(
      'HISTORY-WRITE',
      `write history: ${describeError(cause)}`,
      cause,
    );
    if (!this.failing) this.parts.log.warn({ code, next, dropped: this.dropped }, message);
    this.failing = true;
  }

  /** Chunks of the tail: the newest of each tag goes on, others are closed. */
  private recover(remainders: readonly Remainder[]): void {
    const tagOf = new Map(this.ids.map((id, tag) => [id, tag]));
    for (const { id, generation, firstSegment, pieces } of remainders) {
      const samples = mergeSeries(pieces, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
      const tag = tagOf.get(id);
      const firstMs = samples.times[0] as number;
      const chunk = new OpenChunk(this.samples, generation, firstMs);
      samples.times.forEach((time, row) => {
        chunk.add(time, samples.values[row] as number, samples.quality[row] as number);
      });
      chunk.wroteTail(chunk.count, firstSegment);
      const before = tag === undefined ? undefined : this.open[tag];
      if (tag === undefined) this.wait(this.packer.close(chunk, id, noScaling));
      else this.place(tag, chunk, firstMs);
      if (tag !== undefined && before) this.closeChunk(tag, before);
    }
    if (this.parts.state.gap) this.markGap();
  }

  /** A bad sample after the last one that was kept, so that no curve is drawn over what is missing. */
  private markGap(): void {
    this.open.forEach((chunk, tag) => {
      const newestMs = chunk && spanOf(chunk.samples().times)?.[1];
      if (newestMs !== undefined) this.add(tag, newestMs + 1, Number.NaN, Quality.notConnected);
    });
  }

  private schedule(): void {
    this.timer = this.parts.clock.after(this.failing ? retryIntervalMs : flushIntervalMs, () => {
      void this.flush()
        .then(() => (this.failing || this.closing ? undefined : this.roller.step()))
        .catch((cause) => this.failed(cause))
        .then(() => {
          if (!this.closing) this.schedule();
        });
    });
  }

  /** One at a time on the database: a query never sees a chunk both in memory and half committed. */
  private exclusive<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.turn.then(run);
    this.turn = result.catch(() => undefined);
    return result;
  }
}

/** What the history is built of. */
export interface HistoryParts {
  readonly database: Database;
  readonly tags: TagTable;
  readonly state: HistoryState;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly log: Log;
  /** Bytes that the disk lacks of what is to stay free; not above 0 in health. */
  missingBytes(): Promise<number>;
  /** Of the blocks of this file. */
  readonly quarantine: Quarantine;
}

/** What is to be noted of chunks as they are now, once a segment with them is on disk. */
function noting(fresh: readonly Fresh[], segment: number): () => void {
  const chunks = fresh.map(({ chunk }) => chunk);
  const counts = Uint16Array.from(chunks, ({ count }) => count);
  return () => {
    for (const [row, chunk] of chunks.entries()) chunk.wroteTail(counts[row] as number, segment);
  };
}

/** By tag index; a vacant one has none, and samples for it are dropped. */
function numbersOf(tags: TagTable, numbers: ReadonlyMap<string, number>): readonly number[] {
  return tags.definitions.map(({ name }) => numbers.get(name) as number);
}
