/** What somebody did, or tried to do. */
export interface AuditEntry {
  /** ms since epoch. */
  readonly time: number;
  /** Account, token, person named by one of them, or `sink/sender` of the centre. */
  readonly who: string;
  /** Least role that it took, or what the one who did it had. */
  readonly role: string;
  /** Address, `terminal`, or the sink that brought the order. */
  readonly from: string;
  /** Path of the route, or type of the event. */
  readonly action: string;
  /** What it was done to; empty where the action says it all. */
  readonly target: string;
  /** `done`, or the code of the reason why not. */
  readonly outcome: string;
  /** As it was and as it was wanted, as far as there is something to say; never a secret. */
  readonly before: unknown;
  readonly after: unknown;
}

/** An entry in its place. */
export interface ChainedEntry extends AuditEntry {
  /** From 1 on, without gaps. */
  readonly sequence: number;
  /** Hash of the entry before; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

/** Where the chain ends. */
export interface AuditHead {
  readonly sequence: number;
  readonly hash: string;
}

/** Who did what; nothing in it is ever changed. */
export interface AuditLog {
  /** Resolves once it is on disk. */
  record(entry: AuditEntry): Promise<void>;
  /** Entries before that sequence, newest first. */
  list(before: number, limit: number): Promise<readonly ChainedEntry[]>;
}
