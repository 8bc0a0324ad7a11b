import { describeError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { SinkMemory } from '../api.ts';

const bodyName = 'aliases';
/** Names that no configuration has any more are kept, so that they get their number back; beyond this many they go. */
const maxForgotten = 100_000;

/**
 * The numbers that stand for names: unique in the node, the same over restarts and changes of the configuration
 * (tck-id-payloads-alias-uniqueness).
 */
export class AliasBook {
  private readonly aliases = new Map<string, number>();
  private newest = 0;
  private readonly memory: SinkMemory;
  private readonly log: Pick<Log, 'warn'>;

  constructor(memory: SinkMemory, log: Pick<Log, 'warn'>) {
    this.memory = memory;
    this.log = log;
  }

  /** Takes in what was kept on disk. */
  restore(bodies: ReadonlyMap<string, string>): void {
    const kept: { newest: number; aliases: Record<string, number> } = JSON.parse(
      bodies.get(bodyName) ?? '{"newest":0,"aliases":{}}',
    );
    this.newest = kept.newest;
    for (const [name, alias] of Object.entries(kept.aliases)) this.aliases.set(name, alias);
  }

  /**
   * Sees that every name has a number. Resolves once new ones are on disk; a disk that refuses is told and not waited
   * for: the births say which number means what in any case.
   */
  async give(names: ReadonlySet<string>): Promise<void> {
    const before = this.newest;
    for (const name of names) if (!this.aliases.has(name)) this.aliases.set(name, ++this.newest);
    if (this.newest === before) return;
    if (this.aliases.size - names.size > maxForgotten) {
      for (const name of this.aliases.keys()) if (!names.has(name)) this.aliases.delete(name);
    }
    const body = JSON.stringify({ newest: this.newest, aliases: Object.fromEntries(this.aliases) });
    await this.memory
      .save(new Map([[bodyName, body]]))
      .catch((error: unknown) => this.log.warn({}, `keep aliases: ${describeError(error)}`));
  }

  /** The number of a name, 0 when it has none. */
  of(name: string): number {
    return this.aliases.get(name) ?? 0;
  }
}
