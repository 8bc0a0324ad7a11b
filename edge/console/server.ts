import { join } from 'node:path';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyRequest } from 'fastify';
import type { AuditLog } from '../core/audit.ts';
import { type Clock, every } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { isLoopback } from '../core/loopback.ts';
import type { SecretBytes } from '../core/secret-bytes.ts';
import { both } from '../core/text.ts';
import { Accounts } from './access/accounts.ts';
import type { CertificateFiles, ServerCertificate } from './access/certificate.ts';
import { Door } from './access/door.ts';
import type { ScryptCost } from './access/passwords.ts';
import { SessionsFile } from './access/sessions-file.ts';
import { ShownCertificate } from './access/shown-certificate.ts';
import type { ConsoleSource } from './api.ts';
import { Auditor } from './auditor.ts';
import type { ConsoleCertificates } from './certificate-api.ts';
import type { OwnCertificate } from './certificate-routes.ts';
import type { ConsoleConfiguration } from './configuration-api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRole, reaches } from './grants.ts';
import { LiveFeed, signedOut } from './live-feed.ts';
import type { ConsoleOffers } from './offers-api.ts';
import { builtPage, readPage } from './page-files.ts';
import { consoleRoutes } from './registry.ts';
import type { ConsoleRoute } from './route.ts';
import { pageRoutes } from './routes.ts';
import type { ReadTruth } from './truth-routes.ts';
import { livePath, serveWeb, type WebServer } from './web-server.ts';

/** What a console is made of. */
export interface ConsoleOptions {
  readonly source: ConsoleSource;
  /** Address to listen on; beyond loopback only encrypted, and only once there is an owner. */
  readonly host: string;
  /** Wanted port; the next 20 are tried when it is taken. 0 lets the system choose. */
  readonly port: number;
  /** Names under which it is called beyond loopback, with port where it is not the own one. */
  readonly names?: readonly string[];
  /** Names and addresses of this machine, which its own certificate is for as well. */
  readonly machineNames?: readonly string[];
  /** A certificate of others; an own one is made beyond loopback where there is none. */
  readonly tls?: CertificateFiles;
  /** Where accounts and the own certificate are kept. */
  readonly folder: string;
  /** What whoever is on this machine may do while there is no owner; without it they must sign in. */
  readonly localRole?: Exclude<ConsoleRole, 'owner'> | undefined;
  readonly audit: AuditLog;
  /** The files of the configuration; left out where there are none. */
  readonly configuration?: ConsoleConfiguration | undefined;
  /** Those of the gateway behind it, and of its peers. */
  readonly certificates?: ConsoleCertificates | undefined;
  /** What the centre offers in its place. */
  readonly offers?: ConsoleOffers | undefined;
  /** What truly happens in a simulated city; left out by a gateway of a real one. */
  readonly truth?: ReadTruth | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly secretBytes: SecretBytes;
  /** What a guess at a password costs; the usual when left out. */
  readonly passwordCost?: ScryptCost;
  /** Where the built page lies; the repository's own by default. */
  readonly page?: URL;
}

/** A running console. */
export interface Console {
  /**
   * Listens; throws LL-CONSOLE-NO-OWNER, LL-CONSOLE-CERTIFICATE, LL-CONSOLE-PORT-TAKEN or LL-CONSOLE-LISTEN. The
   * invitation is the address at which the first owner is made, while there is none.
   */
  start(): Promise<{ readonly url: string; readonly port: number; readonly invitation: string | undefined }>;
  /** Ends all connections; may be called twice and after a failed start. */
  stop(): Promise<void>;
  /** Every route with its policy, once started: what the access test is generated from. */
  routes(): readonly Pick<ConsoleRoute, 'method' | 'path' | 'policy'>[];
  /** The certificate that is shown; undefined where the link is not encrypted. */
  certificate(): ServerCertificate | undefined;
}

const withoutPort = (name: string) => name.replace(/^([^:]+):\d+$/, '$1');

/** How often it is looked whether those who watch may still do so. */
const liveCheckMs = 10_000;

/** The console over a source: HTTP routes, the live feed and the page. */
export function createConsole(options: ConsoleOptions): Console {
  const { source, host, folder, localRole, audit, configuration, certificates, offers, clock, log, secretBytes } =
    options;
  const names = [...(options.names ?? []), ...(options.machineNames ?? [])];
  const loopback = isLoopback(host);
  const feed = new LiveFeed({ source, clock, log });
  const accounts = new Accounts({
    folder,
    clock,
    secretBytes,
    ...(options.passwordCost ? { cost: options.passwordCost } : {}),
  });
  const { id: gateway } = source.description.gateway;
  const encrypted = !loopback || options.tls !== undefined;
  const sessionsFile = new SessionsFile(join(folder, 'sessions.json'));
  const door = new Door({ accounts, gateway, localRole, loopback, encrypted, clock, secretBytes, sessionsFile });
  let web: WebServer | undefined;
  let routes: readonly Pick<ConsoleRoute, 'method' | 'path' | 'policy'>[] = [];
  const shown = new ShownCertificate({ folder, names: names.map(withoutPort), clock, secretBytes }, (next) =>
    web?.show(next),
  );
  const current = () => shown.current();
  // where the configuration names the files, those who keep them replace it
  const own: OwnCertificate =
    encrypted && !options.tls
      ? { current, replace: (pair) => shown.replace(pair), restore: () => shown.restore() }
      : { current };

  /** Shows the feed to a page as long as whoever opened it may see it. */
  function live(socket: WebSocket, request: FastifyRequest): void {
    feed.add(socket);
    const look = async () => {
      const caller = await door.callerOf(request).catch(() => undefined);
      if (!caller || !reaches(caller.grant, 'viewer')) socket.close(...signedOut);
    };
    const end = every(clock, liveCheckMs, () => void look());
    socket.on('close', end);
  }

  return {
    async start() {
      if (!loopback && !(await accounts.hasOwner()))
        throw consoleErrors.create(
          'NO-OWNER',
          both(`listen on ${host}: there is no owner yet`, `监听 ${host}：尚无所有者`),
        );
      if (encrypted) await shown.load(options.tls);
      const tls = current();
      const served = [
        ...consoleRoutes({
          source,
          door,
          accounts,
          audit,
          configuration,
          certificates,
          offers,
          truth: options.truth,
          own,
          clock,
        }),
        ...pageRoutes(await readPage(options.page ?? builtPage)),
      ];
      routes = [...served, { method: 'GET', path: livePath, policy: 'viewer' }];
      web = await serveWeb({
        ...{ routes: served, live, callerOf: (request) => door.callerOf(request) },
        auditor: new Auditor(audit, clock, log),
        ...{ host, port: options.port, names, log, ...(tls ? { tls } : {}) },
      });
      feed.start();
      const token = await door.invitation();
      const { url, port } = web;
      return { url, port, invitation: token && `${url}/#/owner/${token}` };
    },
    async stop() {
      feed.stop();
      await web?.stop();
      await door.stop();
    },
    routes: () => routes,
    certificate: current,
  };
}
