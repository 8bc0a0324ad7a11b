import { chown, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { realClock } from '../../core/clock.ts';
import { AuditTrail } from '../../store/audit-trail.ts';

/** The audit log of a data folder, beside a gateway that may run. */
export const trailIn = (data: string): AuditTrail =>
  new AuditTrail(resolve(data), { stamp: new Date().toISOString().replaceAll(':', '-') });

/** Who sits at the terminal. */
export const atTerminal = (): string => `${userInfo().username}@terminal`;

/** What a command of the terminal did to accounts or tokens. */
export interface TerminalAct {
  readonly action: string;
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Writes down what was done on the terminal. */
export async function noteTerminal(
  data: string,
  { action, target, before = null, after = null }: TerminalAct,
): Promise<void> {
  const trail = trailIn(data);
  const entry = { time: realClock().wallMs(), who: atTerminal(), role: 'owner', from: 'terminal', action, target };
  await trail.record({ ...entry, outcome: 'done', before, after });
  await trail.close();
  const [folder, file] = [resolve(data), join(resolve(data), 'audit.db')];
  const [owner, own] = [await stat(folder), await stat(file)];
  if (own.uid === 0 && owner.uid !== 0) await chown(file, owner.uid, owner.gid);
}
