import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../core/clock.ts';
import { type SecretBytes, secretText } from '../../core/secret-bytes.ts';
import { both } from '../../core/text.ts';
import { consoleErrors } from '../errors.ts';
import { type Caller, type ConsoleRole, nobody } from '../grants.ts';
import type { Accounts } from './accounts.ts';
import type { Account } from './accounts-file.ts';
import { digestOf } from './digest.ts';
import { longestMs, Sessions } from './sessions.ts';
import type { SessionsFile } from './sessions-file.ts';
import { Tries } from './tries.ts';

/** What the door of a console needs. */
export interface DoorParts {
  readonly accounts: Accounts;
  /** Tells the cookies of several gateways apart that one browser reaches under one name. */
  readonly gateway: string;
  /** What whoever is on this machine may do while there is no owner; without it they must sign in. */
  readonly localRole: Exclude<ConsoleRole, 'owner'> | undefined;
  /** Whether only this machine reaches the console, and whether the link is encrypted. */
  readonly loopback: boolean;
  readonly encrypted: boolean;
  readonly clock: Clock;
  readonly secretBytes: SecretBytes;
  /** Where sessions are kept over a restart; nowhere when left out. */
  readonly sessionsFile?: SessionsFile;
}

/** Tells who asks: by a token, by the session of a cookie, or by being on a machine that is trusted. */
export class Door {
  private readonly parts: DoorParts;
  private readonly sessions: Sessions;
  private readonly tries = new Tries();
  private readonly cookie: string;
  private readonly setUpToken: string;

  constructor(parts: DoorParts) {
    this.parts = parts;
    this.sessions = new Sessions(parts.clock, parts.secretBytes, parts.sessionsFile);
    this.cookie = `lifeline-${parts.gateway.replace(/[^A-Za-z0-9_-]/g, '_')}`;
    this.setUpToken = secretText(parts.secretBytes);
  }

  /** What makes the first owner, once; undefined where there is one. */
  async invitation(): Promise<string | undefined> {
    return (await this.parts.accounts.hasOwner()) ? undefined : this.setUpToken;
  }

  async callerOf(request: FastifyRequest): Promise<Caller> {
    const { accounts, loopback, localRole } = this.parts;
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) return (await accounts.bearer(bearer)) ?? nobody;
    const shown = this.shown(request);
    const session = shown === undefined ? undefined : await this.sessions.find(shown);
    if (session) {
      const account = await accounts.find(session.account);
      if (account && digestOf(account.password.hash) === session.stamp)
        return { name: account.name, grant: account.role, way: 'session' };
      await this.sessions.end(shown as string);
    }
    const trusted = loopback && localRole !== undefined && !(await accounts.hasOwner());
    return trusted ? { name: 'local', grant: localRole, way: 'local' } : nobody;
  }

  /** Opens a session and gives its cookie; rejects with LL-CONSOLE-TRIES or LL-CONSOLE-CREDENTIALS. */
  async signIn(name: string, password: string, address: string): Promise<string> {
    const account = await this.proven(name, password, address);
    return this.cookieOf(await this.sessions.begin(account.name, account.password.hash), longestMs / 1000);
  }

  /** The account of that name and password; a wrong one and an unknown one are told apart by nothing. */
  async proven(name: string, password: string, address: string): Promise<Account> {
    const { accounts, clock } = this.parts;
    if (!this.tries.allow(name, address, clock.monotonicMs())) throw tooMany();
    const account = await accounts.verify(name, password);
    if (!account) {
      this.tries.failed(name, clock.monotonicMs());
      throw consoleErrors.create(
        'CREDENTIALS',
        both('sign in: name and password do not belong together', '登录：用户名与密码不符'),
      );
    }
    this.tries.succeeded(name);
    return account;
  }

  /** Makes the first owner with the token that the log shows, and signs them in. */
  async setUp(token: string, name: string, password: string, address: string): Promise<string> {
    const { accounts, clock } = this.parts;
    if (!this.tries.allow('', address, clock.monotonicMs())) throw tooMany();
    if (digestOf(token) !== digestOf(this.setUpToken) || (await accounts.hasOwner()))
      throw consoleErrors.create(
        'SET-UP',
        both(
          'make the owner: the token is not the one that the log shows, or is used up',
          '建立所有者：令牌与日志中的不符，或已用过',
        ),
      );
    await accounts.addOwner(name, password);
    return this.signIn(name, password, address);
  }

  /** Ends the session of a request; gives the cookie that takes its own away. */
  async signOut(request: FastifyRequest): Promise<string> {
    const shown = this.shown(request);
    if (shown !== undefined) await this.sessions.end(shown);
    return this.cookieOf('', 0);
  }

  /** Resolves once those who are signed in can go on after a restart. */
  stop(): Promise<void> {
    return this.sessions.stop();
  }

  private shown({ headers: { cookie = '' } }: FastifyRequest): string | undefined {
    const own = cookie.split('; ').find((part) => part.startsWith(`${this.cookie}=`));
    return own?.slice(this.cookie.length + 1);
  }

  private cookieOf(value: string, ageS: number): string {
    const secure = this.parts.encrypted ? '; Secure' : '';
    return `${this.cookie}=${value}; Path=/; Max-Age=${ageS}; HttpOnly; SameSite=Strict${secure}`;
  }
}

const tooMany = () =>
  consoleErrors.create(
    'TRIES',
    both('sign in: too many tries; wait a minute, or a quarter of an hour', '登录：尝试过多，请等待一分钟或一刻钟'),
  );
