import type { AuditLog } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { SecretBytes } from '../core/secret-bytes.ts';
import { Accounts } from './access/accounts.ts';
import { Door } from './access/door.ts';
import { Auditor } from './auditor.ts';
import type { ConsoleFirstStart } from './first-start-api.ts';
import { builtPage, readPage } from './page-files.ts';
import { firstStartRegistry } from './registry.ts';
import type { ConsoleRoute } from './route.ts';
import { pageRoutes } from './routes.ts';
import { serveWeb } from './web-server.ts';

interface FirstStartOptions {
  readonly firstStart: ConsoleFirstStart;
  /** Wanted port of loopback; the next 20 are tried when it is taken. */
  readonly port: number;
  /** The data folder, where the accounts are kept. */
  readonly folder: string;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly secretBytes: SecretBytes;
  /** Of the product. */
  readonly version: string;
  /** Where the built page lies; the repository's own by default. */
  readonly page?: URL | undefined;
}

/** The page of a gateway that has no configuration yet, on loopback alone, for its owner. */
export interface FirstStartPage {
  readonly url: string;
  readonly port: number;
  /** Where the owner is made, while there is none. */
  readonly invitation: string | undefined;
  /** Every route with its policy: what the access test is generated from. */
  readonly routes: readonly Pick<ConsoleRoute, 'method' | 'path' | 'policy'>[];
  stop(): Promise<void>;
}

/** Serves the page; throws LL-CONSOLE-PORT-TAKEN or LL-CONSOLE-LISTEN. */
export async function serveFirstStart(options: FirstStartOptions): Promise<FirstStartPage> {
  const { firstStart, folder, audit, clock, log, secretBytes, version, page = builtPage } = options;
  const accounts = new Accounts({ folder, clock, secretBytes });
  const place = { loopback: true, encrypted: false, localRole: undefined };
  const door = new Door({ ...place, accounts, gateway: 'first-start', clock, secretBytes });
  const routes = [...firstStartRegistry({ firstStart, door, accounts, version }), ...pageRoutes(await readPage(page))];
  const web = await serveWeb({
    routes,
    callerOf: (request) => door.callerOf(request),
    auditor: new Auditor(audit, clock, log),
    ...{ host: '127.0.0.1', port: options.port, log },
  });
  const token = await door.invitation();
  const { url, port } = web;
  return { url, port, invitation: token && `${url}/#/owner/${token}`, routes, stop: () => web.stop() };
}
