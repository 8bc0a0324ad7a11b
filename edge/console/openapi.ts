import { z } from 'zod';
import { provesItself } from './grants.ts';
import type { ConsoleRoute } from './route.ts';

type Schema = Readonly<Record<string, unknown>>;

const problem: Schema = {
  type: 'object',
  required: ['code', 'message', 'next', 'zh'],
  properties: {
    ...{ code: { type: 'string' }, message: { type: 'string' }, next: { type: 'string' } },
    zh: {
      ...{ type: 'object', required: ['message', 'next'] },
      properties: { message: { type: 'string' }, next: { type: 'string' } },
    },
  },
};
const json = (schema: Schema): Schema => ({ 'application/json': { schema } });
const refused = (description: string): Schema => ({
  ...{ description, content: json({ $ref: '#/components/schemas/Problem' }) },
});

/** A description of the routes (OpenAPI 3.1), from the shapes that they check. */
export function openApi(routes: readonly ConsoleRoute[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    if (route.summary === undefined) continue;
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route, nameOf(route, routes)),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lifeline console',
      version,
      description:
        'Times are ms since epoch. x-least-grant is the least role, or the least scope of a token, that a route asks for.',
    },
    paths,
    components: {
      schemas: { Problem: problem },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'lifeline-<gateway>' },
      },
    },
  };
}

/** Of a path with two methods, the one that acts says so. */
function nameOf({ method, path }: ConsoleRoute, routes: readonly ConsoleRoute[]): string {
  const isShared = method === 'POST' && routes.some((other) => other.path === path && other.method === 'GET');
  return `${isShared ? 'post-' : ''}${path.replace(/^\/(api\/)?/, '')}`.replaceAll(
    /[^A-Za-z]+(\w?)/g,
    (_, next: string) => next.toUpperCase(),
  );
}

function operationOf({ method, policy, summary, query, body }: ConsoleRoute, operationId: string): Schema {
  const open = provesItself(policy);
  return {
    operationId,
    summary,
    'x-least-grant': policy,
    ...(open ? { security: [] } : { security: [{ token: [] }, { session: [] }] }),
    ...(query ? { parameters: parametersOf(query) } : {}),
    ...(body ? { requestBody: { required: true, content: json(schemaOf(body)) } } : {}),
    responses: {
      200: { description: 'Done.' },
      ...(query || body ? { 400: refused('The request cannot be read.') } : {}),
      ...(open ? {} : { 401: refused('Nobody is signed in.') }),
      ...(open && method === 'GET' ? {} : { 403: refused('The caller may not.') }),
    },
  };
}

function parametersOf(query: z.ZodType): readonly Schema[] {
  const { properties = {}, required = [] } = schemaOf(query) as {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name), schema },
  }));
}

function schemaOf(shape: z.ZodType): Schema {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' });
  return schema;
}
