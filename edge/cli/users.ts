import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { Accounts } from '../console/access/accounts.ts';
import { type ConsoleRole, consoleRoles } from '../console/grants.ts';
import { realClock } from '../core/clock.ts';
import { systemSecrets } from '../core/secret-bytes.ts';
import { inColumns, reportingFailure } from './reporting.ts';
import { newPassword } from './users/new-password.ts';
import { noteTerminal } from './users/terminal-audit.ts';

const examples = `
Examples:
  lifeline users add 李娜 --role owner --data /var/lib/lifeline     asks for a password
  lifeline users passwd 李娜 < password.txt
  lifeline users role 李娜 engineer
  lifeline users list --json

They write the accounts of a data folder; a gateway that runs goes by them at once. A role may do all that those before it may:
viewer looks, operator works with alarms, engineer changes what the gateway goes by, owner looks after accounts.
`;

interface UsersOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** The accounts and tokens in a data folder. */
export const accountsIn = (data: string): Accounts =>
  new Accounts({ folder: resolve(data), clock: realClock(), secretBytes: systemSecrets });

/** `lifeline users`: who may sign in to the console of a gateway, and what they may do. */
export function usersCommand(program: Command): void {
  const group = program.command('users').description('accounts of the console: add, passwd, role, remove, list');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group.command(name).description(what).option('--data <dir>', 'folder of the state of lifeline run', 'data');
  about('list', 'accounts with their roles')
    .option('--json', 'print them as JSON')
    .action((options: UsersOptions) => reportingFailure(() => list(options)));
  about('add', 'add an account; asks for its password, or reads it from the first line of stdin')
    .argument('<name>')
    .addOption(new Option('--role <role>', 'what it may do').choices(consoleRoles).makeOptionMandatory())
    .action((name: string, { data, role }: UsersOptions & { readonly role: ConsoleRole }) =>
      reportingFailure(async () => {
        await accountsIn(data).add(name, role, await newPassword(name));
        await noteTerminal(data, { action: 'users add', target: name, after: { role } });
        console.error(`${name}: ${role}`);
      }),
    );
  about('passwd', 'give an account another password, which ends its sessions')
    .argument('<name>')
    .action((name: string, { data }: UsersOptions) =>
      reportingFailure(async () => {
        await accountsIn(data).setPassword(name, await newPassword(name));
        await noteTerminal(data, { action: 'users passwd', target: name });
        console.error(`${name}: password changed`);
      }),
    );
  about('role', 'give an account another role')
    .argument('<name>')
    .argument('<role>', consoleRoles.join(', '))
    .action((name: string, role: string, { data }: UsersOptions, command: Command) => {
      const known = consoleRoles.find((one) => one === role);
      if (!known) command.error(`error: role ${role}: expected one of ${consoleRoles.join(', ')}`);
      return reportingFailure(async () => {
        const before = await accountsIn(data).setRole(name, known);
        await noteTerminal(data, { action: 'users role', target: name, before, after: known });
        console.error(`${name}: ${before} → ${known}`);
      });
    });
  about('remove', 'take an account away, which ends its sessions')
    .argument('<name>')
    .action((name: string, { data }: UsersOptions) =>
      reportingFailure(async () => {
        const before = await accountsIn(data).remove(name);
        await noteTerminal(data, { action: 'users remove', target: name, before });
        console.error(`${name}: removed`);
      }),
    );
}

async function list({ data, json }: UsersOptions): Promise<void> {
  const accounts = await accountsIn(data).list();
  if (json) return console.log(JSON.stringify(accounts, null, 2));
  const rows = accounts.map(({ name, role, changedAt }) => [
    name,
    role,
    new Date(changedAt).toISOString().slice(0, 10),
  ]);
  for (const line of inColumns([['name', 'role', 'password of'], ...rows])) console.log(line);
}
