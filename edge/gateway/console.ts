import { resolve } from 'node:path';
import type { LoadedGateway } from '../config/load.ts';
import type { Console, ConsoleOptions } from '../console/server.ts';
import { certificateAge } from '../core/certificate-age.ts';
import type { Clock } from '../core/clock.ts';
import { LifelineError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { type SecretBytes, systemSecrets } from '../core/secret-bytes.ts';
import type { Journal } from '../store/api.ts';
import { AuditTrail } from '../store/audit-trail.ts';
import type { OpenDatabase } from '../store/database.ts';
import { feedAudit } from './audit-feed.ts';
import type { Configured } from './configured.ts';
import type { WatchedCertificate } from './self-watch.ts';

/** What of the gateway's surroundings its console and its audit log need. */
interface ConsoleHost {
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly secretBytes?: SecretBytes;
  readonly machineNames?: readonly string[];
  readonly openDatabase?: OpenDatabase;
}

/** With these the console stays shut; everything else goes on. */
const shutCodes: ReadonlySet<string> = new Set(['LL-CONSOLE-NO-OWNER', 'LL-CONSOLE-CERTIFICATE']);

/** The log of who did what, in the data folder; no file before there is something to write or to read. */
export function auditTrailOf({ dataDir, clock, log, openDatabase }: ConsoleHost, journal: Journal): AuditTrail {
  const stamp = new Date(clock.wallMs()).toISOString().replaceAll(':', '-');
  const trail = new AuditTrail(dataDir, {
    ...{ stamp, ...(openDatabase ? { openDatabase } : {}) },
    onAside: ({ code, message, next }) => log.error({ code, next, subject: 'audit.db' }, message),
  });
  feedAudit(journal, trail, log);
  return trail;
}

/** The console and its web server, loaded only where there is one: as configured, or as is wanted instead. */
export async function buildConsole(
  { config, folder }: LoadedGateway,
  host: ConsoleHost,
  {
    wanted,
    ...parts
  }: Pick<ConsoleOptions, 'source' | 'audit' | 'configuration' | 'certificates' | 'offers' | 'truth'> & {
    readonly wanted: Pick<ConsoleOptions, 'port' | 'page'> | false | undefined;
  },
): Promise<Console | undefined> {
  const { enabled, port } = config.console;
  const place = wanted ?? (enabled && { port });
  if (!place) return undefined;
  const { createConsole } = await import('../console/server.ts');
  const { tls, names, role: localRole, host: address } = config.console;
  const { clock, log, dataDir, secretBytes = systemSecrets, machineNames = [] } = host;
  return createConsole({
    ...{ ...parts, ...place, host: address, names, machineNames, localRole, folder: dataDir, clock, log, secretBytes },
    ...(tls ? { tls: { certificate: resolve(folder, tls.certificate), key: resolve(folder, tls.key) } } : {}),
  });
}

/** Opens the console; one that others would reach although nobody could sign in stays shut, and the gateway goes on. */
export async function openConsole(web: Console, log: Log): Promise<string | null> {
  try {
    const { url, invitation } = await web.start();
    log.info({ url, fingerprint: web.certificate()?.fingerprint }, 'console');
    if (invitation) log.info({ url: invitation }, 'nobody owns the console yet; this link makes the owner, once');
    return url;
  } catch (error) {
    if (!(error instanceof LifelineError) || !shutCodes.has(error.code)) throw error;
    log.error({ code: error.code, next: error.next }, error.message);
    return null;
  }
}

/** The certificates whose end is an alarm: those of the console and of the sinks; drivers tell of theirs. */
export function watchedCertificates(
  web: Console | undefined,
  sinks: Configured['sinks'],
  clock: Clock,
): readonly WatchedCertificate[] {
  const nowMs = clock.wallMs();
  const shown = web?.certificate();
  const own = shown
    ? [{ kind: 'console-certificate-ends', name: 'console', ...certificateAge(shown, nowMs) } as const]
    : [];
  const ofSinks = sinks.flatMap(({ entry, certificates }) =>
    certificates.map((one) => ({
      ...({ kind: 'sink-certificate-ends', name: `${entry.id}: ${one.place}` } as const),
      ...certificateAge(one, nowMs),
    })),
  );
  return [...own, ...ofSinks];
}
