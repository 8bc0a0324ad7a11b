import type { Random } from '../../core/random.ts';

const digits = 6;
/** Codes that can be sent back at most; beyond it the oldest go. */
const maxCodes = 1_000;

/** What somebody who sends a code back acknowledges. */
export interface ToldAlarm {
  /** `<asset>/<kind>`. */
  readonly alarm: string;
  /** Which time it was raised, ms since epoch. */
  readonly raisedAt: number;
}

/** A code and what it stands for. */
export interface GivenCode {
  readonly code: string;
  /** To whom it went. */
  readonly person: string;
  readonly alarms: readonly ToldAlarm[];
  /** By the clock of the one who gives it. */
  readonly untilMs: number;
}

/** Codes of messages: each is given to one person, stands for the alarms of one message, and is good once. */
export class ReplyCodes {
  private readonly given = new Map<string, GivenCode>();
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  /** Those that were given before a restart. */
  restore(given: readonly GivenCode[]): void {
    for (const one of given) this.given.set(one.code, one);
  }

  /** The oldest first. */
  all(): readonly GivenCode[] {
    return [...this.given.values()];
  }

  /** A code that no other message has. */
  give(content: Omit<GivenCode, 'code'>, nowMs: number): string {
    for (const { code, untilMs } of this.all()) {
      if (untilMs <= nowMs || this.given.size >= maxCodes) this.given.delete(code);
    }
    let code: string;
    do code = String(this.random.integer(0, 10 ** digits - 1)).padStart(digits, '0');
    while (this.given.has(code));
    this.given.set(code, { ...content, code });
    return code;
  }

  /** What a code stands for; undefined where it stands for nothing, or not any more. */
  get(code: string, nowMs: number): GivenCode | undefined {
    const found = this.given.get(code);
    return found && found.untilMs > nowMs ? found : undefined;
  }

  /** From now on a code stands for nothing. */
  spend(code: string): void {
    this.given.delete(code);
  }
}

/** The code in what somebody wrote: the first number of that many digits; undefined where there is none. */
export const codeIn = (text: string): string | undefined => new RegExp(`(?<!\\d)\\d{${digits}}(?!\\d)`).exec(text)?.[0];

/** Whether a sender is one of the addresses of a person: telephone numbers with or without the country's. */
export function isFrom(sender: string, addresses: readonly string[]): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[\s-]/g, '');
  return addresses.some((address) => {
    const [given, known] = [plain(sender), plain(address)];
    if (known === '' || given === known) return known !== '';
    return /^\d{5,}$/.test(known) && given.endsWith(known) && /^\+?\d{1,4}$/.test(given.slice(0, -known.length));
  });
}
