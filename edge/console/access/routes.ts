import { z } from 'zod';
import { type Caller, consoleRoles, tokenScopes } from '../grants.ts';
import { type ConsoleRoute, route } from '../route.ts';
import type { AccountsView, SessionView, TokenMadeView } from '../wire.ts';
import type { Accounts } from './accounts.ts';
import type { Door } from './door.ts';

/** Longer than any password that is taken, so that the rule and not the shape refuses it. */
const secret = z.string().min(1).max(1_000);
const name = z.string().min(1).max(64);
const role = z.enum(consoleRoles);

const credentials = z.strictObject({ name, password: secret });
const setUp = z.strictObject({ token: secret, name, password: secret });
const newPassword = z.strictObject({ passwordBefore: secret, password: secret });
const newAccount = z.strictObject({ name, role, password: secret });
const newRole = z.strictObject({ name, role });
const reset = z.strictObject({ name, password: secret });
const named = z.strictObject({ name });
const newToken = z.strictObject({ name, scope: z.enum(tokenScopes), days: z.int().min(1).max(400) });

const done = { result: 'done' } as const;
const viewOf = ({ name, grant, way }: Caller) => ({ name, grant, way });

/** The routes about who may do what. */
export function accessRoutes(
  door: Door,
  accounts: Accounts,
  stage: Pick<SessionView, 'firstStart'> = {},
): readonly ConsoleRoute[] {
  return [...sessionRoutes(door, accounts, stage), ...accountRoutes(accounts), ...tokenRoutes(accounts)];
}

function sessionRoutes(
  door: Door,
  accounts: Accounts,
  stage: Pick<SessionView, 'firstStart'>,
): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/session', policy: 'open' },
      summary: 'Who asks, and whether there is an owner yet',
      answer: async ({ request }): Promise<SessionView> => ({
        caller: viewOf(await door.callerOf(request)),
        hasOwner: await accounts.hasOwner(),
        ...stage,
      }),
    }),
    route({
      ...{ method: 'POST', path: '/api/sign-in', policy: 'open', body: credentials },
      summary: 'Opens a session, which a cookie stands for',
      async answer({ body, request, reply }) {
        reply.header('set-cookie', await door.signIn(body.name, body.password, request.ip));
        return done;
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/set-up', policy: 'open', body: setUp },
      summary: 'Makes the first owner with the token that the log of the gateway shows',
      async answer({ body, request, reply }) {
        reply.header('set-cookie', await door.setUp(body.token, body.name, body.password, request.ip));
        return done;
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/sign-out', policy: 'viewer' },
      summary: 'Ends the session',
      async answer({ request, reply }) {
        reply.header('set-cookie', await door.signOut(request));
        return done;
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/password', policy: 'viewer', body: newPassword },
      summary: 'Gives the own account another password, which ends its sessions',
      async answer({ body, caller, request, note }) {
        const { name } = await door.proven(caller.name, body.passwordBefore, request.ip);
        await accounts.setPassword(name, body.password);
        note({ target: name });
        return done;
      },
    }),
  ];
}

function accountRoutes(accounts: Accounts): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/accounts', policy: 'owner' },
      summary: 'Accounts and tokens',
      answer: async (): Promise<AccountsView> => ({ accounts: await accounts.list(), tokens: await accounts.tokens() }),
    }),
    route({
      ...{ method: 'POST', path: '/api/account-add', policy: 'owner', body: newAccount },
      summary: 'Adds an account',
      async answer({ body }) {
        await accounts.add(body.name, body.role, body.password);
        return done;
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/account-role', policy: 'owner', body: newRole },
      summary: 'Gives an account another role',
      async answer({ body, note }) {
        const before = await accounts.setRole(body.name, body.role);
        note({ before });
        return { ...done, before };
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/account-password', policy: 'owner', body: reset },
      summary: 'Gives an account another password, which ends its sessions',
      async answer({ body }) {
        await accounts.setPassword(body.name, body.password);
        return done;
      },
    }),
    route({
      ...{ method: 'POST', path: '/api/account-remove', policy: 'owner', body: named },
      summary: 'Takes an account away, which ends its sessions',
      async answer({ body, note }) {
        const before = await accounts.remove(body.name);
        note({ before, after: null });
        return { ...done, before };
      },
    }),
  ];
}

function tokenRoutes(accounts: Accounts): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'POST', path: '/api/token-add', policy: 'owner', body: newToken },
      summary: 'Makes a token for a script and shows it, for the only time',
      answer: async ({ body, caller }): Promise<TokenMadeView> => ({
        token: await accounts.addToken(body.name, body.scope, body.days, caller.name),
      }),
    }),
    route({
      ...{ method: 'POST', path: '/api/token-remove', policy: 'owner', body: named },
      summary: 'Takes a token away',
      async answer({ body }) {
        await accounts.removeToken(body.name);
        return done;
      },
    }),
  ];
}
