import { Agent } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleRoles, type Grant, provesItself, reaches, tokenScopes } from '../../edge/console/grants.ts';
import { type Gated, nameOf, openGated, openGatedFirstStart } from './gated-console.ts';
import { rawRequest, upgrade } from './raw-request.ts';

/** What others have taken for proof: none of it may open anything. */
const spoofs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: {},
  'forwarded for loopback': { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' },
  'forwarded host': { 'x-forwarded-host': 'localhost', forwarded: 'for=127.0.0.1;host=localhost;proto=https' },
  'a user of a proxy': { 'x-remote-user': 'owner-li', 'x-forwarded-user': 'owner-li', remote_user: 'owner-li' },
  'a role of a proxy': { 'x-role': 'owner', 'x-auth-roles': 'owner', 'x-grant': 'owner' },
  'another path': { 'x-original-url': '/api/session', 'x-rewrite-url': '/' },
  'another method': { 'x-http-method-override': 'GET', 'x-method-override': 'GET' },
  'own referer': { referer: 'http://127.0.0.1/' },
  'basic credentials': { 'x-authorization': 'Basic b3duZXItbGk6b3duZXI=' },
  'a script of the page': { 'x-requested-with': 'XMLHttpRequest', 'sec-fetch-site': 'same-origin' },
};

const agent = new Agent({ keepAlive: true });
let gate: Gated;
/** Headers of each caller, and what they may at most. */
const callers = new Map<string, { readonly headers: Readonly<Record<string, string>>; readonly grant: Grant }>();

async function open(gated: () => Promise<Gated>): Promise<void> {
  gate = await gated();
  const { accounts, tokens, clock, signIn, post } = gate;
  const short = await accounts.addToken('short', 'engineer', 1, 'owner-li');
  await accounts.add('gone', 'owner', 'Regenbogen 2031 nass');
  const gone = await post('/api/sign-in', { name: 'gone', password: 'Regenbogen 2031 nass' });
  await accounts.remove('gone');
  const ended = await signIn('owner');
  await post('/api/sign-out', {}, ended);
  await clock.advance(86_400_000);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  callers.set('nobody', { headers: {}, grant: 'open' });
  for (const role of consoleRoles) callers.set(role, { headers: await signIn(role), grant: role });
  for (const scope of tokenScopes) callers.set(`token ${scope}`, { headers: bearer(tokens[scope]), grant: scope });
  const cookie = callers.get('owner')?.headers['cookie'] ?? '';
  const lapsed = [
    ['a token whose time is over', bearer(short)],
    ['a token that nobody made', bearer(`llt_${'A'.repeat(43)}`)],
    ['an empty token beside a good cookie', { cookie, authorization: 'Bearer x' }],
    ['an account that is gone', { cookie: (gone.headers['set-cookie']?.[0] ?? '').split(';', 1)[0] ?? '' }],
    ['a session that was ended', ended],
    ['a session that nobody opened', { cookie: cookie.replace(/=.*/, `=${'A'.repeat(43)}`) }],
    ['the cookie of another gateway', { cookie: cookie.replace(/^[^=]+/, 'lifeline-other') }],
    ['the secret in the wrong place', { authorization: `Bearer ${cookie.replace(/^[^=]+=/, '')}` }],
  ] as const;
  for (const [name, headers] of lapsed) callers.set(name, { headers, grant: 'open' });
}
afterAll(() => agent.destroy());

describe.each([
  ['a gateway', openGated],
  ['a gateway that has no configuration yet', openGatedFirstStart],
] as const)('every route of %s, by every caller, with every spoof', (_, gated) => {
  beforeAll(() => open(gated));
  afterAll(() => gate.close());

  it('lets in who may and nobody else, in more than 1,000 cases', async () => {
    const { server, port, own } = gate;
    const cases = server
      .routes()
      .flatMap((route) =>
        [...callers].flatMap(([name, caller]) =>
          Object.entries(spoofs).map((spoof) => ({ route, name, caller, spoof })),
        ),
      );
    const unexpected: unknown[] = [];
    let refused = 0;
    const judge = async ({
      route: { method, path, policy },
      name,
      caller,
      spoof: [spoof, spoofed],
    }: (typeof cases)[0]) => {
      const live = path === '/api/live' ? upgrade : {};
      // nothing is carried out: a body of this type is refused after its sender was let in
      const type = method === 'POST' ? { 'content-type': 'text/plain' } : {};
      const headers = { ...own, ...live, ...type, ...spoofed, ...caller.headers };
      const body = method === 'POST' ? 'x' : undefined;
      const { status } = await rawRequest(port, {
        method,
        path,
        headers,
        body,
        ...(path === '/api/live' ? {} : { agent }),
      });
      const entered = status !== 401 && status !== 403;
      if (!entered) refused++;
      // a page's request is never a signed one
      const wanted = policy !== 'signed' && reaches(caller.grant, policy);
      const right = wanted ? entered : status === (caller.grant === 'open' && policy !== 'signed' ? 401 : 403);
      if (!right) unexpected.push({ method, path, policy, name, spoof, status });
    };
    const queue = cases.values();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const one of queue) await judge(one);
      }),
    );
    expect(unexpected).toEqual([]);
    expect(cases.length).toBeGreaterThan(1_000);
    expect(refused).toBeGreaterThan(1_000);
  }, 90_000);

  it('takes no act that a cookie lets in from a page that is not named, or is another', async () => {
    const { port, url } = gate;
    const { headers } = callers.get('owner') ?? { headers: {} };
    const origins = [undefined, 'null', 'http://evil.example', url.replace('http', 'https'), `${url}0`];
    for (const { method, path, policy } of gate.server.routes()) {
      if ((method === 'GET' && path !== '/api/live') || provesItself(policy)) continue;
      for (const origin of origins) {
        const foreign = { ...headers, ...(origin ? { origin } : {}), ...(method === 'GET' ? upgrade : {}) };
        const { status } = await rawRequest(port, { method, path, headers: foreign });
        expect([path, origin, status]).toEqual([path, origin, 403]);
      }
    }
  });
});

describe('a name', () => {
  beforeAll(() => open(openGated));
  afterAll(() => gate.close());

  it('is an account’s own; a token speaks for a person, and the log tells them apart', async () => {
    const { city, post, tokens } = gate;
    const alarm = city.raise({ asset: 'dma-2', kind: 'burst' });
    await post('/api/acknowledge', { alarm, by: '别人' }, callers.get('operator')?.headers);
    const other = city.raise({ asset: 'dma-3', kind: 'burst' });
    await post('/api/acknowledge', { alarm: other, by: '张工' }, { authorization: `Bearer ${tokens.operator}` });
    expect(city.acknowledged).toEqual([
      { id: alarm, by: nameOf('operator') },
      { id: other, by: '张工 (operator-script)' },
    ]);
  });
});
