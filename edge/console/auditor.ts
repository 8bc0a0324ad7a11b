import type { AuditEntry, AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import { describeError, LifelineError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type Caller, signature } from './grants.ts';

/** What a route says of what it did, where the request does not say it all. */
export interface AuditNote {
  readonly target?: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Code of what kept it from being done, where the answer says more than a problem would. */
  readonly refusal?: string;
}

/** An act that was asked for. */
export interface Act {
  readonly caller: Caller;
  readonly address: string;
  readonly path: string;
  readonly body: unknown;
  readonly note: AuditNote;
  /** Why it was not done; undefined when it was. */
  readonly failure: unknown;
}

/** Fields that hold secrets, by their names. */
const secretField = /password|token|secret|^key$/i;
/** Fields that say what an act is done to, by their names. */
const targetFields = ['incident', 'alarm', 'asset', 'subject', 'tag', 'sink', 'name'];

/** What is refused before anybody looks at it has no end, and says no more than what came before it. */
const unsaid = 'LL-CONSOLE-TRIES';

/** Writes down who did what over the console. */
export class Auditor {
  private readonly audit: AuditLog;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(audit: AuditLog, clock: Clock, log: Log) {
    this.audit = audit;
    this.clock = clock;
    this.log = log;
  }

  /** Resolves once the act is on disk; where the disk refuses, the log says so and the act stands. */
  async note({ caller, address, path, body, note, failure }: Act): Promise<void> {
    if (failure instanceof LifelineError && failure.code === unsaid) return;
    const { by, ...fields } = fieldsOf(body);
    const target = targetFields.map((name) => fields[name]).find((value) => typeof value === 'string');
    const entry: AuditEntry = {
      time: this.clock.wallMs(),
      who:
        caller.way === 'none'
          ? String(fields['name'] ?? '')
          : signature(caller, typeof by === 'string' ? by : undefined),
      role: caller.grant,
      from: address,
      action: path,
      target: String(note.target ?? target ?? ''),
      outcome:
        failure === undefined ? (note.refusal ?? 'done') : failure instanceof LifelineError ? failure.code : 'failed',
      before: note.before ?? null,
      after: note.after ?? fields,
    };
    await this.audit
      .record(entry)
      .catch((error) => this.log.error({ code: 'LL-STORE-AUDIT', subject: path }, describeError(error)));
  }
}

const fieldsOf = (body: unknown): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? (withoutSecrets(body) as Readonly<Record<string, unknown>>) : {};

/** The same without the fields that hold secrets, however deep. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const open = Object.entries(value).filter(([name]) => !secretField.test(name));
  return Object.fromEntries(open.map(([name, inner]) => [name, withoutSecrets(inner)]));
}
