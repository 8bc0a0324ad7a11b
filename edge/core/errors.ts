import { systemWords } from './system-words.ts';
import { asText, both, type Text } from './text.ts';

/** What the catalogue says of one code, for people and for `ops/docs/errors.md`. */
export interface ErrorEntry {
  /** Why it happens. */
  readonly cause: string;
  /** Whether trying again without a change can help. */
  readonly retry: boolean;
  /** What the reader should do next. */
  readonly next: string;
  /** The same as `next` for readers of Chinese, where they meet it: mistakes in a configuration. */
  readonly nextZh?: string;
}

/** An operating error: coded, naming the action, the target and the figure. Programmer errors stay plain errors. */
export class LifelineError extends Error {
  /** `LL-<AREA>-<NAME>`. */
  readonly code: string;
  readonly retry: boolean;
  readonly next: string;
  /** The message and the next step in both languages; the English stands for a Chinese text that there is not. */
  readonly told: Text;
  readonly step: Text;

  constructor(code: string, entry: ErrorEntry, message: Text | string, cause?: unknown) {
    super(asText(message).en, cause === undefined ? undefined : { cause });
    this.name = 'LifelineError';
    this.code = code;
    this.retry = entry.retry;
    this.next = entry.next;
    this.told = asText(message);
    this.step = { zh: entry.nextZh ?? entry.next, en: entry.next };
  }
}

/** The errors of one area: the catalogue by full code, and a constructor of each by its short name. */
export interface ErrorArea<Name extends string> {
  readonly catalogue: Readonly<Record<string, ErrorEntry>>;
  create(name: Name, message: Text | string, cause?: unknown): LifelineError;
}

/**
 * Declares an area's codes once. Every room with operating errors has an `errors.ts` that calls this;
 * `ops/docs/errors.md` is checked against all of them in both directions.
 */
export function defineErrors<Name extends string>(area: string, entries: Record<Name, ErrorEntry>): ErrorArea<Name> {
  const codeOf = (name: string) => `LL-${area}-${name}`;
  return {
    catalogue: Object.fromEntries(Object.entries<ErrorEntry>(entries).map(([name, entry]) => [codeOf(name), entry])),
    create: (name, message, cause) => new LifelineError(codeOf(name), entries[name], message, cause),
  };
}

/** An entry of an error that people meet on a page. */
interface ShownErrorEntry extends ErrorEntry {
  readonly nextZh: string;
}

/** Errors that are told in both languages, always. */
interface ShownErrorArea<Name extends string> extends ErrorArea<Name> {
  create(name: Name, message: Text, cause?: unknown): LifelineError;
}

/** Declares codes that people meet on a page: the compiler asks for the Chinese of each. */
export const defineShownErrors = <Name extends string>(
  area: string,
  entries: Record<Name, ShownErrorEntry>,
): ShownErrorArea<Name> => defineErrors(area, entries);

/** An error within the text of another; of the words of others the Chinese is known where the system says them, else quoted. */
export function errorWithin(error: unknown): Text {
  const en = describeError(error);
  if (error instanceof LifelineError) return both(en, `${error.code} ${error.told.zh}`);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = systemWords[code];
  return both(en || code, known === undefined ? `“${en || code}”` : `${known}（${code}）`);
}

/** One line for a log or a terminal: code, message, and the causes behind it. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof LifelineError ? `${error.code} ${error.message}` : error.message;
  return error.cause === undefined ? own : `${own} (${describeError(error.cause)})`;
}

/** What an error says, as plain data: on the wire of the console, in health of devices and sinks. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  /** The same for readers of Chinese. */
  readonly zh: { readonly message: string; readonly next: string };
}

export const problemOf = ({ code, message, next, told, step }: LifelineError): Problem => ({
  ...{ code, message, next },
  zh: { message: told.zh, next: step.zh },
});

/** One line for people who can do something about it: code, message and the next step. */
export const errorWithNext = ({ code, message, next }: Pick<LifelineError, 'code' | 'message' | 'next'>): string =>
  `${code} ${message}; ${next}`;
