import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { SinkMemory } from '../api.ts';
import { type Book, emptyBook } from './escalation.ts';
import type { AlarmWords } from './message.ts';
import type { Letter } from './outbox.ts';
import { type GivenCode, ReplyCodes } from './reply-codes.ts';

/** Under this name it lies in the sink's memory. */
const memoryName = 'people';
const priorityOrder = ['critical', 'high', 'medium', 'low'];

/** What is on disk. */
interface Kept {
  readonly book: Book;
  readonly words: readonly AlarmWords[];
  readonly letters: readonly Letter[];
  readonly count: number;
  /** Missing in what earlier versions wrote. */
  readonly codes?: readonly GivenCode[];
  /** Both clocks when it was written. */
  readonly nowMs: number;
  readonly wallMs: number;
}

/**
 * What was decided and what waits to be sent, over restarts. Its clock goes on over them and follows no jump of the wall
 * clock while the gateway runs.
 */
export class Keeping {
  book: Book = emptyBook();
  readonly words = new Map<string, AlarmWords>();
  readonly codes: ReplyCodes;
  private count = 0;
  private aheadMs = 0;
  private saving: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private letters: readonly Letter[] = [];
  private readonly memory: SinkMemory;
  private readonly clock: Clock;

  constructor(memory: SinkMemory, clock: Clock, random: Random) {
    this.codes = new ReplyCodes(random);
    this.memory = memory;
    this.clock = clock;
  }

  nowMs(): number {
    return this.clock.monotonicMs() + this.aheadMs;
  }

  /** Reads what is on disk; resolves with the letters that wait. */
  async load(): Promise<readonly Letter[]> {
    const body = (await this.memory.load()).get(memoryName);
    if (body === undefined) return [];
    const kept = JSON.parse(body) as Kept;
    this.book = kept.book;
    for (const words of kept.words) this.words.set(words.id, words);
    this.count = kept.count;
    this.codes.restore(kept.codes ?? []);
    const awayMs = Math.max(0, this.clock.wallMs() - kept.wallMs);
    this.aheadMs = kept.nowMs + awayMs - this.clock.monotonicMs();
    this.letters = kept.letters;
    return kept.letters;
  }

  /** Never given twice. */
  nextId(gateway: string): string {
    this.count++;
    return `${gateway}-${this.clock.wallMs().toString(36)}-${this.count}`;
  }

  /** What to say of a case, the most pressing alarm first, the older before the newer. */
  wordsOf(key: string): readonly AlarmWords[] {
    const alarms = (this.book.cases[key]?.alarms ?? []).flatMap((id) => this.words.get(id) ?? []);
    const rank = ({ priority }: AlarmWords) => priorityOrder.indexOf(priority);
    return alarms.sort((a, b) => rank(a) - rank(b) || a.raisedAt - b.raisedAt);
  }

  /** Resolves once everything as it is now is on disk; calls during a write share the next. */
  save(letters: readonly Letter[]): Promise<void> {
    this.letters = letters;
    this.next ??= (this.saving ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.saving = this.next;
        this.next = undefined;
        return this.write();
      });
    return this.next;
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.saving, this.next]);
  }

  private write(): Promise<void> {
    const standing = new Set(Object.values(this.book.cases).flatMap(({ alarms }) => alarms));
    for (const id of this.words.keys()) if (!standing.has(id)) this.words.delete(id);
    const { book, count, letters } = this;
    const [nowMs, wallMs] = [this.nowMs(), this.clock.wallMs()];
    const codes = this.codes.all();
    const kept: Kept = { book, words: [...this.words.values()], letters, count, codes, nowMs, wallMs };
    return this.memory.save(new Map([[memoryName, JSON.stringify(kept)]]));
  }
}
