import type { Actor, Command, CommandResult } from '../core/command.ts';
import { problemOf } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import { both } from '../core/text.ts';
import { saying } from './decide.ts';
import { controlErrors } from './errors.ts';

/** Commands whose answers are kept; commands expire within minutes, so that older ones are refused by their age. */
const maxRemembered = 10_000;

/** Whoever sends a command again must be the same in every respect to get its answer. */
export const sender = ({ name, role, origin }: Actor): string => JSON.stringify([name, role, origin]);

interface Entry {
  readonly command: Command;
  /** `sender` of whoever gave it. */
  readonly by: string;
  readonly result: Promise<CommandResult>;
}

/** Answers by id of command, so that a replayed one gets the same answer and nothing is written again. */
export class Remembered {
  private readonly entries = new Map<string, Entry>();

  get(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  keep(command: Command, by: string, result: Promise<CommandResult>): void {
    this.entries.delete(command.id);
    this.entries.set(command.id, { command, by, result });
    if (this.entries.size <= maxRemembered) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  /** Takes in a journaled event. A command that was accepted and has no end was cut short by the restart. */
  restore(event: Event): void {
    if (!event.type.startsWith('command.')) return;
    const data = event.data as unknown as Command &
      Omit<CommandResult, 'id' | 'tag'> &
      Omit<Actor, 'name'> & { readonly by: string };
    const { id, tag, value, expires, problem = null } = data;
    const by = sender({ name: data.by, role: data.role, origin: data.origin });
    const command: Command = { id, tag, value, expires };
    if (event.type === 'command.accepted') {
      const error = controlErrors.create('UNKNOWN', saying(command, cutShort));
      const { code, message } = error;
      const ended = { id, tag, outcome: 'unknown', readBack: null, code, message, problem: problemOf(error) } as const;
      this.keep(command, by, Promise.resolve(ended));
      return;
    }
    const { outcome, readBack, code, message } = data;
    if (code === 'LL-CONTROL-FORBIDDEN' || code === 'LL-CONTROL-REPLAYED') return;
    this.keep(command, by, Promise.resolve({ id, tag, outcome, readBack, code, message, problem }));
  }
}

const cutShort = both('the gateway stopped before the answer', '网关在得到答复之前停止');
