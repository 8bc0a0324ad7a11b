import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../core/clock.ts';
import type { LifelineError } from '../core/errors.ts';
import type { LiveTable } from '../core/live-table.ts';
import type { Log } from '../core/log.ts';
import type { TagTable } from '../core/tag.ts';
import type { CalculatedPoint } from './bound.ts';
import { compile, type Program } from './compile.ts';
import { calculationErrors } from './errors.ts';
import { readMemory } from './memory.ts';

/** A meter that jumps again and again is told of so often. */
const noticeIntervalMs = 600_000;

/** A point with the program that computes it. */
export interface CalculatedEntry {
  readonly name: string;
  readonly device: string;
  readonly point: CalculatedPoint;
  readonly program: Program;
}

export interface EntryParts {
  readonly tags: TagTable;
  readonly live: LiveTable;
  readonly clock: Clock;
  readonly log: Log;
  readonly memories: ReadonlyMap<string, string>;
}

/** Takes the program over from an equal point before, or compiles one and gives it what the point remembers. */
export function entryOf(
  point: CalculatedPoint,
  parts: EntryParts,
  before: readonly CalculatedEntry[] = [],
): CalculatedEntry {
  const { name, device } = parts.tags.at(point.tag);
  const known = before.find((entry) => entry.name === name);
  if (known && isDeepStrictEqual(known.point, point)) return known;
  const { live, clock, log } = parts;
  const warn = ({ code, message, next }: LifelineError) => log.warn({ code, subject: name, next }, message);
  let toldAtMs = Number.NEGATIVE_INFINITY;
  const onExchange = (from: number, to: number) => {
    if (clock.monotonicMs() - toldAtMs < noticeIntervalMs) return;
    toldAtMs = clock.monotonicMs();
    warn(
      calculationErrors.create('EXCHANGE', `${name}: the counter jumped from ${from} to ${to}; counted on from there`),
    );
  };
  const program = compile(point.bound, { live, periodMs: point.periodMs, onExchange });
  const message = restore(point, program, parts.memories.get(name));
  if (message) warn(calculationErrors.create('RESET', `${name}: ${message}`));
  return { name, device, point, program };
}

/** @returns why there is a memory that cannot be used */
function restore({ meaning }: CalculatedPoint, program: Program, text: string | undefined): string | undefined {
  if (text === undefined || program.memory.length === 0) return undefined;
  const memory = readMemory(text);
  if (!memory) return 'what was kept of it cannot be read, so that it begins anew';
  if (memory.meaning !== meaning || memory.cells.length !== program.memory.length) {
    return 'the expression or a unit that it reads was changed, so that it begins anew';
  }
  program.memory.set(memory.cells);
  program.savedAtMs = memory.atMs;
  return undefined;
}
