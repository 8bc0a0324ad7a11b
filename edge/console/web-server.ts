import websocket, { type WebSocket } from '@fastify/websocket';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { describeError, LifelineError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { consoleErrors } from './errors.ts';
import { maxTagsAsked } from './live-frame.ts';
import { type ConsoleRole, isLoopback, type RoutePolicy, refusal, securityHeaders } from './policy.ts';
import type { ConsoleRoute } from './routes.ts';
import type { ProblemView } from './wire.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: RoutePolicy;
  }
}

const maxBodyBytes = 4_096;
/** Of requests whose signature covers the body. */
const maxSignedBodyBytes = 16_384;
/** As many tags as a page can ask for. */
const maxMessageBytes = 4 * maxTagsAsked;
const requestTimeoutMs = 10_000;
/** Ports tried after the wanted one. */
const sparePorts = 20;

/** What a web server serves. */
export interface WebServerOptions {
  readonly routes: readonly ConsoleRoute[];
  /** Takes the connections of the live feed; none is served when left out. */
  readonly live?: (socket: WebSocket) => void;
  /** What whoever reaches it may do. */
  readonly role: ConsoleRole;
  /** Must be a loopback name or address in this version. */
  readonly host: string;
  /** Wanted port; the next 20 are tried when it is taken. 0 lets the system choose. */
  readonly port: number;
  readonly log: Log;
}

/** A web server that listens. */
export interface WebServer {
  readonly url: string;
  readonly port: number;
  /** Ends all connections; may be called twice. */
  stop(): Promise<void>;
}

/** Serves routes on loopback only; throws LL-CONSOLE-NOT-LOOPBACK, LL-CONSOLE-PORT-TAKEN or LL-CONSOLE-LISTEN. */
export async function serveWeb(options: WebServerOptions): Promise<WebServer> {
  const { host } = options;
  if (!isLoopback(host)) {
    throw consoleErrors.create('NOT-LOOPBACK', `listen on ${host}: only 127.0.0.1 and localhost are allowed`);
  }
  let port = options.port;
  const app = await buildApp(options, () => port);
  port = await listen(app, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async stop() {
      for (const client of app.websocketServer.clients) client.terminate();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** Requests are checked by their routes: the compilers of JSON schemas, several megabytes, are not loaded. */
const noSchemas = (): never => {
  throw new Error('routes of the console have no JSON schemas');
};

async function buildApp({ routes, live, role, log }: WebServerOptions, port: () => number): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    trustProxy: false,
    forceCloseConnections: true,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  app.removeContentTypeParser('text/plain');
  // Before our own hooks: it must know of an upgrade that they refuse, to close its socket after the answer.
  await app.register(websocket, { options: { maxPayload: maxMessageBytes } });
  app.addHook('onRoute', (route) => {
    if (!route.config?.policy) throw consoleErrors.create('POLICY', `route ${route.url}: no policy declared`);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const refused = refusal(request.is404 ? 'read' : request.routeOptions.config.policy, factsOf(request), {
      port: port(),
      role,
    });
    if (refused) return answerProblem(reply, 403, refused);
  });
  app.setNotFoundHandler((request, reply) =>
    answerProblem(reply, 404, consoleErrors.create('NOT-FOUND', `${request.method}: no such page`)),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, log));
  const signed = (route: ConsoleRoute) => route.policy === 'signed';
  for (const route of routes.filter((one) => !signed(one))) serve(app, route);
  await app.register(async (scope) => {
    // a signature is over the bytes as they came
    scope.removeAllContentTypeParsers();
    const asItCame = { parseAs: 'buffer', bodyLimit: maxSignedBodyBytes } as const;
    scope.addContentTypeParser('*', asItCame, (_, body, done) => done(null, body));
    for (const route of routes.filter(signed)) serve(scope, route);
  });
  if (live) app.get('/api/live', { websocket: true, config: { policy: 'live' } }, live);
  return app;
}

function serve(app: FastifyInstance, route: ConsoleRoute): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { policy: route.policy },
    handler: async (request, reply) => {
      if (route.policy === 'read' && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      return route.answer(request, reply);
    },
  });
}

const factsOf = (request: FastifyRequest) => ({
  host: request.headers.host,
  origin: request.headers.origin,
  fetchSite: request.headers['sec-fetch-site'] as string | undefined,
});

/** Answers to what the request itself got wrong. */
const statuses: Readonly<Record<string, number>> = {
  'LL-CONSOLE-NOT-FOUND': 404,
  'LL-CONSOLE-REQUEST': 400,
  'LL-MODEL-VERSION': 409,
  'LL-MODEL-UNPROVEN': 409,
  'LL-MODEL-DOWNGRADE': 409,
};

/** What a person asked for and may not be, by the rules of alarms and values set by hand. */
const refusalStatus = ({ code }: LifelineError): number | undefined =>
  /^LL-(ALARM-(SHELVE|TAG)|MANUAL)-/.test(code) ? 409 : undefined;

/** Answers with the coded problem; what is behind it goes to the log, not to the page. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const target = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
  const known = error instanceof LifelineError ? (statuses[error.code] ?? refusalStatus(error)) : undefined;
  if (known !== undefined) return answerProblem(reply, known, error as LifelineError);
  if (error instanceof ZodError) {
    const fields = error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ');
    return answerProblem(reply, 400, consoleErrors.create('REQUEST', `${target}: ${fields}`));
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return answerProblem(reply, status, consoleErrors.create('REQUEST', `${target}: ${error.message}`));
  log.error({ code: 'LL-CONSOLE-SOURCE', route: target, error: describeError(error) }, 'the console could not answer');
  return answerProblem(reply, 500, consoleErrors.create('SOURCE', `${target}: the gateway could not answer`));
}

function answerProblem(reply: FastifyReply, status: number, problem: LifelineError): FastifyReply {
  const { code, message, next } = problem;
  return reply.code(status).send({ code, message, next } satisfies ProblemView);
}

/** Listens on the wanted port or one of the next, and answers with the one it got. */
async function listen(app: FastifyInstance, wanted: number): Promise<number> {
  const last = wanted === 0 ? 0 : Math.min(65_535, wanted + sparePorts);
  for (let port = wanted; port <= last; port++) {
    try {
      return Number(new URL(await app.listen({ host: '127.0.0.1', port })).port || 80);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      await app.close();
      throw consoleErrors.create('LISTEN', `listen on 127.0.0.1:${port}: ${(error as Error).message}`, error);
    }
  }
  await app.close();
  throw consoleErrors.create('PORT-TAKEN', `listen on 127.0.0.1:${wanted}–${last}: every port is taken`);
}
