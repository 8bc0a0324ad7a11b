import type { AuditEntry, AuditLog } from '../core/audit.ts';
import { describeError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Journal } from '../store/api.ts';

/** What was done to the plant and to the gateway by other ways than the console, which writes its own entries. */
const audited = /^(command|order)\.|^gateway\.reconfigured$/;

/** Has the audit log take what the journal says of commands, orders of the centre and changes of the configuration. */
export function feedAudit(journal: Journal, audit: AuditLog, log: Log): void {
  journal.onAppend((events) => {
    for (const event of events) {
      if (!audited.test(event.type)) continue;
      audit
        .record(entryOf(event))
        .catch((error) => log.error({ code: 'LL-STORE-AUDIT', subject: event.type }, describeError(error)));
    }
  });
}

function entryOf({ type, time, subject, data, stream, epoch, sequence }: Event): AuditEntry {
  const { by, role, origin, via, tag, alarm, code, reason, told: _told, ...rest } = data;
  const words = (...values: readonly unknown[]) => String(values.find((value) => typeof value === 'string') ?? '');
  return {
    ...{ time, who: words(by), role: words(role), from: words(via, origin), action: type },
    target: words(tag, alarm, subject),
    outcome: words(code, reason, 'done') || 'done',
    before: null,
    after: { ...rest, event: `${stream}/${epoch}/${sequence}` },
  };
}
