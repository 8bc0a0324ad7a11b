import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { type SecretBytes, secretText } from '../../core/secret-bytes.ts';
import { both, type Text } from '../../core/text.ts';
import { consoleErrors } from '../errors.ts';
import type { Caller, ConsoleRole, TokenScope } from '../grants.ts';
import type { AccountView, TokenView } from '../wire.ts';
import { type Account, type AccountRegister, AccountsFile, accountName, accountsFile } from './accounts-file.ts';
import { digestOf } from './digest.ts';
import { Passwords, type ScryptCost, weakness } from './passwords.ts';

/** What accounts need. */
export interface AccountsParts {
  /** The gateway's data folder. */
  readonly folder: string;
  readonly clock: Clock;
  readonly secretBytes: SecretBytes;
  /** What a guess at a password costs; the usual when left out. */
  readonly cost?: ScryptCost;
}

/** Marks a token where it turns up in a log or a script. */
const tokenMark = 'llt_';
const longestTokenDays = 400;
const dayMs = 86_400_000;

/** People's accounts and the tokens of scripts. There is always an owner once there was one. */
export class Accounts {
  private readonly file: AccountsFile;
  private readonly passwords: Passwords;
  private readonly parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.parts = parts;
    this.file = new AccountsFile(join(parts.folder, accountsFile), parts.clock);
    this.passwords = new Passwords(parts.secretBytes, parts.cost);
  }

  async hasOwner(): Promise<boolean> {
    return (await this.file.read()).accounts.some(({ role }) => role === 'owner');
  }

  async list(): Promise<readonly AccountView[]> {
    const { accounts } = await this.file.read();
    return accounts.map(({ name, role, changedAt }) => ({ name, role, changedAt }));
  }

  async tokens(): Promise<readonly TokenView[]> {
    return (await this.file.read()).tokens.map(({ digest: _, ...token }) => token);
  }

  async find(name: string): Promise<Account | undefined> {
    return (await this.file.read()).accounts.find((account) => account.name === name);
  }

  /** The account of that name and password; takes as long where there is none of the name. */
  async verify(name: string, password: string): Promise<Account | undefined> {
    const account = await this.find(name.normalize('NFC'));
    return (await this.passwords.matches(password, account?.password)) ? account : undefined;
  }

  /** Adds an account; rejects with LL-CONSOLE-ACCOUNT or LL-CONSOLE-PASSWORD. */
  async add(name: string, role: ConsoleRole, password: string): Promise<void> {
    const kept = await this.kept(name, password);
    await this.file.change((before) => {
      if (before.accounts.some((account) => account.name === kept.name))
        throw consoleErrors.create(
          'ACCOUNT',
          both(`add ${kept.name}: there is such an account already`, `添加 ${kept.name}：已有此账户`),
        );
      return { ...before, accounts: [...before.accounts, { ...kept, role }] };
    });
  }

  /** The first account, made only where there is no owner yet. */
  async addOwner(name: string, password: string): Promise<void> {
    const kept = await this.kept(name, password);
    await this.file.change((before) => {
      if (before.accounts.some(({ role }) => role === 'owner'))
        throw consoleErrors.create('SET-UP', both('make the owner: there is one already', '建立所有者：已有所有者'));
      const others = before.accounts.filter((account) => account.name !== kept.name);
      return { ...before, accounts: [...others, { ...kept, role: 'owner' }] };
    });
  }

  /** Gives another password, which ends all sessions opened with the one before. */
  async setPassword(name: string, password: string): Promise<void> {
    const kept = await this.kept(name, password);
    await this.alter(name, (account) => ({ ...account, ...kept }));
  }

  /** Gives another role; resolves with the one before. */
  async setRole(name: string, role: ConsoleRole): Promise<ConsoleRole> {
    let before: ConsoleRole = role;
    await this.alter(name, (account) => {
      before = account.role;
      return { ...account, role };
    });
    return before;
  }

  /** Takes an account away, which ends its sessions; resolves with its role. */
  async remove(name: string): Promise<ConsoleRole> {
    let before: ConsoleRole = 'viewer';
    await this.alter(name, ({ role }) => {
      before = role;
      return undefined;
    });
    return before;
  }

  /** Makes a token and gives it, for the only time. */
  async addToken(name: string, scope: TokenScope, days: number, madeBy: string): Promise<string> {
    const checked = nameOf(name);
    if (!(days > 0 && days <= longestTokenDays))
      throw consoleErrors.create(
        'ACCOUNT',
        both(
          `make token ${name}: valid for 1 to ${longestTokenDays} days, not ${days}`,
          `生成令牌 ${name}：有效期须为 1 至 ${longestTokenDays} 天，而非 ${days} 天`,
        ),
      );
    const secret = tokenMark + secretText(this.parts.secretBytes);
    const madeAt = this.parts.clock.wallMs();
    await this.file.change((before) => {
      const tokens = before.tokens.filter(({ expiresAt }) => expiresAt > madeAt);
      if (tokens.some((token) => token.name === checked))
        throw consoleErrors.create(
          'ACCOUNT',
          both(`make token ${checked}: there is such a token already`, `生成令牌 ${checked}：已有此令牌`),
        );
      const token = {
        name: checked,
        scope,
        digest: digestOf(secret),
        madeBy,
        madeAt,
        expiresAt: madeAt + days * dayMs,
      };
      return { ...before, tokens: [...tokens, token] };
    });
    return secret;
  }

  async removeToken(name: string): Promise<void> {
    await this.file.change((before) => {
      const tokens = before.tokens.filter((token) => token.name !== name);
      if (tokens.length === before.tokens.length) throw unknown(both(`token ${name}`, `令牌 ${name}`));
      return { ...before, tokens };
    });
  }

  /** Who a token stands for; undefined when it is unknown or its time is over. */
  async bearer(secret: string): Promise<Caller | undefined> {
    const digest = digestOf(secret);
    const { tokens } = await this.file.read();
    const found = tokens.find((token) => token.digest === digest);
    if (!found || found.expiresAt <= this.parts.clock.wallMs()) return undefined;
    return { name: found.name, grant: found.scope, way: 'token' };
  }

  private async kept(given: string, password: string): Promise<Omit<Account, 'role'>> {
    const name = nameOf(given);
    const weak = weakness(password, name);
    if (weak)
      throw consoleErrors.create(
        'PASSWORD',
        both(`take the password of ${name}: ${weak.en}`, `采用 ${name} 的密码：${weak.zh}`),
      );
    return { name, password: await this.passwords.keep(password), changedAt: this.parts.clock.wallMs() };
  }

  /** @param change what becomes of the account; it goes where nothing is given back */
  private alter(name: string, change: (account: Account) => Account | undefined): Promise<void> {
    return this.file.change((before): AccountRegister => {
      const found = before.accounts.find((account) => account.name === name);
      if (!found) throw unknown(both(`account ${name}`, `账户 ${name}`));
      const after = change(found);
      const accounts = before.accounts.flatMap((account) => (account === found ? (after ?? []) : account));
      if (found.role === 'owner' && !accounts.some(({ role }) => role === 'owner'))
        throw consoleErrors.create(
          'LAST-OWNER',
          both(`change ${name}: nobody would be owner then`, `更改 ${name}：这样就没有所有者了`),
        );
      return { ...before, accounts };
    });
  }
}

const unknown = (what: Text) =>
  consoleErrors.create('NOT-FOUND', both(`change ${what.en}: there is none`, `更改${what.zh}：不存在`));

function nameOf(given: string): string {
  const { success, data } = accountName.safeParse(given);
  if (success) return data;
  throw consoleErrors.create(
    'ACCOUNT',
    both(
      'a name has 1 to 32 letters, digits, dots, hyphens or underscores',
      '名称由 1 至 32 个字母、数字、点、连字符或下划线组成',
    ),
  );
}
