import type { Problem } from './errors.ts';

/** An order to set one output. */
export interface Command {
  /** Chosen by the sender, unique for ever: the same id is the same command, however often it comes. */
  readonly id: string;
  /** `device/point`. */
  readonly tag: string;
  /** Engineering units of the point. */
  readonly value: number;
  /** ms since epoch after which it must not be carried out any more. */
  readonly expires: number;
  /** Why, in the words of whoever gives it; left out where nobody asked. */
  readonly why?: string;
}

/** Who gives it, as whoever took the command in has made sure of. */
export interface Actor {
  readonly name: string;
  readonly role: 'viewer' | 'operator' | 'engineer' | 'owner';
  /**
   * Whether the command was given on this machine (terminal), came over a network, is an order of the centre over a sink
   * that is configured to bring orders to write, or of a person whom the console knows.
   */
  readonly origin: 'local' | 'remote' | 'centre' | 'console';
}

/** The least role that may write over the console. */
export type ConsoleWriters = 'operator' | 'engineer';

/**
 * How a command ended. `refused`: nothing was written. `failed`: the device did not take it. `unknown`: no answer and no
 * reading back.
 */
export interface CommandResult {
  readonly id: string;
  readonly tag: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'unknown';
  /** Engineering value read back; null when none was. */
  readonly readBack: number | null;
  readonly code: string | null;
  readonly message: string | null;
  /** The same in both languages and what to do about it; null when done, and for what an older version answered. */
  readonly problem: Problem | null;
}

/** A point that may be written, as far as a configuration says. */
export interface OutputRange {
  /** Index in the tag table. */
  readonly tag: number;
  /** Engineering units. */
  readonly low: number;
  readonly high: number;
  /** It takes whole numbers only. */
  readonly whole: boolean;
}

/** Who may write over the console, and what. */
export interface CommandRights {
  readonly least: ConsoleWriters;
  readonly outputs: readonly OutputRange[];
}
