import { readPage } from '../../edge/console/page-files.ts';
import { pageRoutes } from '../../edge/console/routes.ts';
import { serveWeb, type WebServer } from '../../edge/console/web-server.ts';
import type { Log } from '../../edge/core/log.ts';
import type { Pace } from '../city/pace.ts';
import type { CityDesk } from './desk.ts';
import { cityRoutes } from './routes.ts';

/** Where vite puts the page; the compiled product (`dist/simulator/console`) serves the same one. */
const builtPage = new URL(
  import.meta.url.includes('/dist/simulator/console/') ? '../../../simulator/console/web/dist/' : './web/dist/',
  import.meta.url,
);

export interface CityConsoleOptions {
  readonly desk: CityDesk;
  readonly pace: Pace;
  /** Wanted port; the next 20 are tried when it is taken. */
  readonly port: number;
  readonly log: Log;
  /** Where the built page lies; the repository's own by default. */
  readonly page?: URL;
}

/** Shows a city in browsers of this machine; throws LL-CONSOLE-PORT-TAKEN or LL-CONSOLE-LISTEN. */
export async function serveCityConsole({
  desk,
  pace,
  port,
  log,
  page = builtPage,
}: CityConsoleOptions): Promise<WebServer> {
  const routes = [...cityRoutes(desk, pace), ...pageRoutes(await readPage(page))];
  const caller = { name: 'local', grant: 'operator', way: 'local' } as const;
  return serveWeb({ routes, callerOf: async () => caller, host: '127.0.0.1', port, log });
}
