import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gated, openGated, openGatedFirstStart } from './gated-console.ts';

interface Operation {
  readonly operationId: string;
  readonly 'x-least-grant': string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly required: boolean; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: BodySchema }>> };
}
interface BodySchema {
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

let gate: Gated;
let cookie: { cookie: string };
let operations: { readonly method: string; readonly path: string; readonly operation: Operation }[];

async function open(gated: () => Promise<Gated>): Promise<void> {
  gate = await gated();
  cookie = await gate.signIn('owner');
  const { body } = await gate.get('/api/openapi.json', cookie);
  const paths: Record<string, Record<string, Operation>> = JSON.parse(body).paths;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

describe.each([
  ['a gateway', openGated, 'openapi.json', 15],
  ['a gateway that has no configuration yet', openGatedFirstStart, 'openapi-first-start.json', 11],
] as const)('the description of the routes of %s', (_, gated, file, leastAsked) => {
  beforeAll(() => open(gated));
  afterAll(() => gate.close());

  it('has every route of the interface with its least grant, and no other', () => {
    const page = /^\/(assets\/.*|index\.html|.*\.svg)?$/;
    const served = gate.server.routes().filter(({ path }) => !page.test(path) && path !== '/api/live');
    const key = (one: { method: string; path: string }) => `${one.method} ${one.path}`;
    expect(operations.map(key).sort()).toEqual(served.map(key).sort());
    for (const { method, path, operation } of operations) {
      const { policy } = served.find((one) => key(one) === key({ method, path }))!;
      expect([path, operation['x-least-grant']]).toEqual([path, policy]);
      expect([path, operation.security.length > 0]).toEqual([path, policy !== 'open' && policy !== 'signed']);
    }
  });

  it('names each operation once, and gives every field a shape', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { path, operation } of operations) {
      const body = Object.values(operation.requestBody?.content ?? {}).flatMap(({ schema }) =>
        Object.entries(schema.properties),
      );
      const query = (operation.parameters ?? []).map(({ name, schema }) => [name, schema] as const);
      for (const [field, schema] of [...body, ...query])
        expect([
          path,
          field,
          Object.keys(schema).some((word) => ['type', 'anyOf', 'enum', 'const'].includes(word)),
        ]).toEqual([path, field, true]);
    }
  });

  it('asks for what the route asks for: without it, and with something unknown, it answers 400', async () => {
    let asked = 0;
    for (const { method, path, operation } of operations) {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const needs = schema
        ? (schema.required ?? []).length > 0
        : (operation.parameters ?? []).some(({ required }) => required);
      if (operation['x-least-grant'] === 'signed' || !needs) continue;
      const answer = method === 'GET' ? await gate.get(path, cookie) : await gate.post(path, {}, cookie);
      expect([path, answer.status]).toEqual([path, 400]);
      if (schema) expect([path, schema.additionalProperties]).toEqual([path, false]);
      asked++;
    }
    expect(asked).toBeGreaterThan(leastAsked);
  });

  it('is the one in the reference', async () => {
    const written = JSON.parse(readFileSync(new URL(`../../ops/docs/reference/${file}`, import.meta.url), 'utf8'));
    const served = JSON.parse((await gate.get('/api/openapi.json', cookie)).body);
    expect(served.paths).toEqual(written.paths);
  });
});
