import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { alarmRoutes } from './alarm-routes.ts';
import type { ConsoleSource } from './api.ts';
import { callBackRoutes } from './call-back-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { detectionRoutes } from './detection-routes.ts';
import { LiveFeed } from './live-feed.ts';
import { builtPage, readPage } from './page-files.ts';
import { apiRoutes, type ConsoleRoute, pageRoutes } from './routes.ts';
import { serveWeb, type WebServer } from './web-server.ts';

/** What a console is made of. */
export interface ConsoleOptions {
  readonly source: ConsoleSource;
  /** Must be a loopback name or address in this version. */
  readonly host: string;
  /** Wanted port; the next 20 are tried when it is taken. 0 lets the system choose. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the built page lies; the repository's own by default. */
  readonly page?: URL;
}

/** A running console. */
export interface Console {
  /** Listens; throws LL-CONSOLE-NOT-LOOPBACK, LL-CONSOLE-PORT-TAKEN or LL-CONSOLE-LISTEN. */
  start(): Promise<{ readonly url: string; readonly port: number }>;
  /** Ends all connections; may be called twice and after a failed start. */
  stop(): Promise<void>;
  /** Every route with its policy, once started: what the access test is generated from. */
  routes(): readonly Pick<ConsoleRoute, 'method' | 'path' | 'policy'>[];
}

/** The console over a source: HTTP routes, the live feed and the page, on loopback only. */
export function createConsole(options: ConsoleOptions): Console {
  const { source, host, clock, log } = options;
  const feed = new LiveFeed({ source, clock, log });
  let web: WebServer | undefined;
  let routes: readonly Pick<ConsoleRoute, 'method' | 'path' | 'policy'>[] = [];
  return {
    async start() {
      const served = [
        ...apiRoutes(source),
        ...alarmRoutes(source),
        ...detectionRoutes(source),
        ...deadLetterRoutes(source),
        ...callBackRoutes(source),
        ...pageRoutes(await readPage(options.page ?? builtPage)),
      ];
      routes = [...served, { method: 'GET', path: '/api/live', policy: 'live' }];
      const { role } = source.description.gateway;
      web = await serveWeb({ routes: served, live: (socket) => feed.add(socket), role, host, port: options.port, log });
      feed.start();
      return { url: web.url, port: web.port };
    },
    async stop() {
      feed.stop();
      await web?.stop();
    },
    routes: () => routes,
  };
}
