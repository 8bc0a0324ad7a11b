import type { Server } from 'node:https';
import websocket, { type WebSocket } from '@fastify/websocket';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { describeError, LifelineError, problemOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isLoopback } from '../core/loopback.ts';
import { both, type Text } from '../core/text.ts';
import type { KeyPair } from './access/self-signed.ts';
import type { AuditNote, Auditor } from './auditor.ts';
import { consoleErrors } from './errors.ts';
import { type Caller, nobody, provesItself, type RoutePolicy } from './grants.ts';
import { maxTagsAsked } from './live-frame.ts';
import { misdirection, type OwnPlace, type RequestFacts, refusal, securityHeaders } from './policy.ts';
import type { ConsoleRoute } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: RoutePolicy;
  }
  interface FastifyRequest {
    /** Who asks, once that is known. */
    caller: Caller | undefined;
  }
}

const maxBodyBytes = 4_096;
/** Of requests whose signature covers the body: a configuration that the centre offers is the largest. */
const maxSignedBodyBytes = 1_000_000;
/** As many tags as a page can ask for. */
const maxMessageBytes = 4 * maxTagsAsked;
/** How long a request may take to come in, its head and the whole of it; both are looked at every second. */
const headTimeoutMs = 5_000;
const requestTimeoutMs = 10_000;
const timeoutCheckMs = 1_000;
/** Connections at a time; more are closed as they come. */
const maxConnections = 1_000;
/** Where pages open the live feed. */
export const livePath = '/api/live';
/** Ports tried after the wanted one. */
const sparePorts = 20;

/** What a web server serves. */
export interface WebServerOptions {
  readonly routes: readonly ConsoleRoute[];
  /** Takes the connections of the live feed; none is served when left out. */
  readonly live?: (socket: WebSocket, request: FastifyRequest) => void;
  /** Who asks. */
  callerOf(request: FastifyRequest): Promise<Caller>;
  /** Writes down who did what; nobody does when left out. */
  readonly auditor?: Auditor;
  /** Address to listen on. */
  readonly host: string;
  /** Further names under which it is called. */
  readonly names?: readonly string[];
  /** Shown to whoever connects; without it the link is not encrypted. */
  readonly tls?: KeyPair;
  /** Wanted port; the next 20 are tried when it is taken. 0 lets the system choose. */
  readonly port: number;
  readonly log: Log;
}

/** A web server that listens. */
export interface WebServer {
  readonly url: string;
  readonly port: number;
  /** Shows another certificate to whoever connects from now on. */
  show(tls: KeyPair): void;
  /** Ends all connections; may be called twice. */
  stop(): Promise<void>;
}

/** Serves routes; throws LL-CONSOLE-PORT-TAKEN or LL-CONSOLE-LISTEN. Beyond loopback only over an encrypted link. */
export async function serveWeb(options: WebServerOptions): Promise<WebServer> {
  const { host, names = [], tls } = options;
  const loopback = isLoopback(host);
  if (!loopback && !tls) throw new Error(`${host} is reached by others: the link must be encrypted`);
  const scheme = tls ? 'https' : 'http';
  let port = options.port;
  const app = await buildApp(options, () => ({ scheme, port, loopback, names }));
  const address = host === 'localhost' ? '127.0.0.1' : host;
  port = await listen(app, address, options.port);
  const own = address.includes(':') ? `[${address}]` : address;
  return {
    url: `${scheme}://${loopback ? own : (names[0] ?? own)}:${port}`,
    port,
    show: (tls) => (app.server as unknown as Server).setSecureContext(contextOf(tls)),
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

const patience = {
  headersTimeout: headTimeoutMs,
  requestTimeout: requestTimeoutMs,
  connectionsCheckingInterval: timeoutCheckMs,
};

const contextOf = ({ certificate, key }: KeyPair) => ({ cert: certificate, key, minVersion: 'TLSv1.2' }) as const;

async function buildApp(options: WebServerOptions, place: () => OwnPlace): Promise<FastifyInstance> {
  const { routes, live, log, tls, auditor } = options;
  const app: FastifyInstance = Fastify({
    ...(tls ? { https: { ...patience, ...contextOf(tls) } } : { http: patience }),
    bodyLimit: maxBodyBytes,
    requestTimeout: requestTimeoutMs,
    exposeHeadRoutes: false,
    trustProxy: false,
    forceCloseConnections: true,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  app.server.maxConnections = maxConnections;
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('caller');
  // Before our own hooks: it must know of an upgrade that they refuse, to close its socket after the answer.
  await app.register(websocket, { options: { maxPayload: maxMessageBytes } });
  app.addHook('onRoute', (route) => {
    if (!route.config?.policy)
      throw consoleErrors.create(
        'POLICY',
        both(`route ${route.url}: no policy declared`, `接口 ${route.url}：没有声明策略`),
      );
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders);
    const policy = request.is404 ? 'open' : request.routeOptions.config.policy;
    const facts = factsOf(request);
    const astray = misdirection(facts, place());
    if (astray) return answerProblem(reply, 403, astray);
    request.caller = provesItself(policy) ? nobody : await options.callerOf(request);
    const refused = refusal(policy, facts, request.caller);
    if (refused && facts.acts && request.caller.way !== 'none') {
      const { caller, ip: address } = request;
      const path = request.routeOptions.url ?? '';
      await auditor?.note({ caller, address, path, body: undefined, note: {}, failure: refused });
    }
    if (refused) return answerProblem(reply, refused.code === 'LL-CONSOLE-SIGN-IN' ? 401 : 403, refused);
  });
  app.setNotFoundHandler((request, reply) =>
    answerProblem(
      reply,
      404,
      consoleErrors.create('NOT-FOUND', both(`${request.method}: no such page`, `${request.method}：没有此页面`)),
    ),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, log));
  const signed = (route: ConsoleRoute) => route.policy === 'signed';
  for (const route of routes.filter((one) => !signed(one))) serve(app, route, auditor);
  await app.register(async (scope) => {
    // a signature is over the bytes as they came
    scope.removeAllContentTypeParsers();
    const asItCame = { parseAs: 'buffer', bodyLimit: maxSignedBodyBytes } as const;
    scope.addContentTypeParser('*', asItCame, (_, body, done) => done(null, body));
    for (const route of routes.filter(signed)) serve(scope, route, undefined);
  });
  if (live) app.get(livePath, { websocket: true, config: { policy: 'viewer' } }, live);
  return app;
}

/** What a signed request came to is journaled by whoever takes it, so that no auditor writes it down once more. */
function serve(app: FastifyInstance, route: ConsoleRoute, auditor: Auditor | undefined): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { policy: route.policy },
    ...(route.maxBodyBytes === undefined ? {} : { bodyLimit: route.maxBodyBytes }),
    handler: async (request, reply) => {
      const query = route.query?.parse(request.query);
      const body = route.body?.parse(request.body);
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
      const { caller = nobody } = request;
      let note: AuditNote = {};
      const take = (what: AuditNote) => {
        note = what;
      };
      const call = { query, body, caller, note: take, request, reply };
      if (route.method === 'GET' || route.unaudited || !auditor) return route.answer(call);
      const done = await attempt(() => route.answer(call));
      await auditor.note({ caller, address: request.ip, path: route.path, body, note, failure: done.failure });
      if (done.failure !== undefined) throw done.failure;
      return done.answer;
    },
  });
}

const factsOf = (request: FastifyRequest): RequestFacts => ({
  host: request.headers.host,
  origin: request.headers.origin,
  fetchSite: request.headers['sec-fetch-site'] as string | undefined,
  acts: request.method !== 'GET' || request.routeOptions.url === livePath,
});

/** What came of it, failures included. */
async function attempt(work: () => unknown): Promise<{ readonly answer?: unknown; readonly failure?: unknown }> {
  try {
    return { answer: await work() };
  } catch (failure) {
    return { failure };
  }
}

/** Answers to what the request itself got wrong. */
const statuses: Readonly<Record<string, number>> = {
  'LL-CONSOLE-NOT-FOUND': 404,
  'LL-CONSOLE-REQUEST': 400,
  'LL-CONSOLE-CREDENTIALS': 401,
  'LL-CONSOLE-TRIES': 429,
  'LL-CONSOLE-PASSWORD': 400,
  'LL-CONSOLE-ACCOUNT': 409,
  'LL-CONSOLE-LAST-OWNER': 409,
  'LL-CONSOLE-SET-UP': 403,
  'LL-CONSOLE-ACCOUNTS': 503,
  'LL-CONSOLE-NO-DEVICE': 422,
  'LL-CONSOLE-NOT-ASKED': 409,
  'LL-CONSOLE-CERTIFICATE-REFUSED': 422,
  'LL-OPCUA-CERTIFICATE': 409,
  'LL-CONFIG-FILE': 503,
  'LL-CONFIG-WRITE': 503,
  'LL-MODEL-VERSION': 409,
  'LL-MODEL-UNPROVEN': 409,
  'LL-MODEL-DOWNGRADE': 409,
};

/** Codes of whole kinds: what the rules of alarms and of values set by hand forbid, and brokers and devices that were asked in vain. */
const statusesOfKinds: readonly (readonly [RegExp, number])[] = [
  [/^LL-(ALARM-(SHELVE|TAG|INCIDENT)|MANUAL)-/, 409],
  [/^LL-(MQTT|CERTIFICATE|MODBUS|OPCUA)-/, 422],
];

/** With what the page is answered for a code. */
export const statusOf = (code: string): number | undefined =>
  statuses[code] ?? statusesOfKinds.find(([kind]) => kind.test(code))?.[1];

/** Answers with the coded problem; what is behind it goes to the log, not to the page. */
function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, log: Log): FastifyReply {
  const target = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
  const known = error instanceof LifelineError ? statusOf(error.code) : undefined;
  if (known !== undefined) return answerProblem(reply, known, error as LifelineError);
  if (error instanceof ZodError) {
    return answerProblem(reply, 400, consoleErrors.create('REQUEST', fieldsIn(target, error)));
  }
  const status = error.statusCode ?? 500;
  if (status < 500) {
    const why = unreadable[status] ?? '请求无法读取';
    return answerProblem(
      reply,
      status,
      consoleErrors.create('REQUEST', both(`${target}: ${error.message}`, `${target}：${why}`)),
    );
  }
  log.error({ code: 'LL-CONSOLE-SOURCE', route: target, error: describeError(error) }, 'the console could not answer');
  return answerProblem(
    reply,
    500,
    consoleErrors.create('SOURCE', both(`${target}: the gateway could not answer`, `${target}：网关未能答复`)),
  );
}

function answerProblem(reply: FastifyReply, status: number, problem: LifelineError): FastifyReply {
  return reply.code(status).send(problemOf(problem));
}

/** What was wrong with the fields of a request. */
function fieldsIn(target: string, { issues }: ZodError): Text {
  const names = issues.map(({ path }) => path.join('.') || 'request');
  const en = issues.map(({ message }, at) => `${names[at]}: ${message}`).join('; ');
  return both(`${target}: ${en}`, `${target}：以下字段有误：${[...new Set(names)].join('、')}`);
}

/** Why a request cannot be read, by status. */
const unreadable: Readonly<Record<number, string>> = {
  413: '内容过大',
  415: '内容类型不受支持',
};

/** Listens on the wanted port or one of the next, and answers with the one it got. */
async function listen(app: FastifyInstance, host: string, wanted: number): Promise<number> {
  const last = wanted === 0 ? 0 : Math.min(65_535, wanted + sparePorts);
  for (let port = wanted; port <= last; port++) {
    try {
      await app.listen({ host, port });
      const [address] = app.addresses();
      return typeof address === 'object' ? address.port : port;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') continue;
      await app.close();
      throw consoleErrors.create(
        'LISTEN',
        both(
          `listen on ${host}:${port}: ${(error as Error).message}`,
          `监听 ${host}:${port}：${(error as Error).message}`,
        ),
        error,
      );
    }
  }
  await app.close();
  throw consoleErrors.create(
    'PORT-TAKEN',
    both(`listen on ${host}:${wanted}–${last}: every port is taken`, `监听 ${host}:${wanted}–${last}：端口全被占用`),
  );
}
