import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { CertificateInfo } from '../../drivers/opcua/certificates.ts';
import { realClock } from '../core/clock.ts';
import { LifelineError } from '../core/errors.ts';
import { ExitCode } from './exit.ts';

const examples = `
Examples:
  lifeline opcua list --data data                own certificate, trusted and rejected ones of servers
  lifeline opcua trust 3f9a61 --data data        the server whose thumbprint begins so; or a file with its certificate
  lifeline opcua reject 3f9a61 --data data
  lifeline opcua renew --data data               the certificate to come, the present one stays in use …
  lifeline opcua renew --switch --data data      … until every server trusts the new one

Every command takes --json. A running gateway uses what changed from its next connection on.
`;

interface Options {
  readonly data: string;
  readonly json?: boolean;
  readonly switch?: boolean;
}

/** The state folder of the drivers inside a gateway's data folder. */
export const driverState = (data: string): string => join(resolve(data), 'drivers');

/** `lifeline opcua`: whose certificates the gateway trusts, and its own. */
export function opcuaCommand(program: Command): void {
  const group = program.command('opcua').description('certificates of OPC UA: list, trust, reject, renew');
  group.addHelpText('after', examples);
  const add = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option('--data <dir>', 'data folder of the gateway', 'data')
      .option('--json', 'print JSON');
  add('list', 'every certificate with role, thumbprint and end').action((options: Options) =>
    coded(() => list(options)),
  );
  const which = 'thumbprint, its beginning, or a file with the certificate';
  add('trust', 'trust the certificate of a server')
    .argument('<certificate>', which)
    .action((name: string, options: Options) => coded(() => judge('trust', name, options)));
  add('reject', 'trust the certificate of a server no longer')
    .argument('<certificate>', which)
    .action((name: string, options: Options) => coded(() => judge('reject', name, options)));
  add('renew', 'make the certificate that will follow the own one')
    .option('--switch', 'use the renewed one from now on; the old one is kept beside it')
    .action((options: Options) => coded(() => renew(options)));
}

/** Runs a command; a coded error becomes its text with the next step. */
export async function coded(run: () => Promise<void>, exitOf: (code: string) => number = () => ExitCode.failed) {
  try {
    await run();
    process.exit(process.exitCode ?? ExitCode.done);
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    console.error(`${error.code} ${error.message}\n→ ${error.next}`);
    process.exit(exitOf(error.code));
  }
}

const line = (role: string, { thumbprint, validTo, subject }: CertificateInfo) =>
  `${role.padEnd(9)} ${thumbprint}  until ${validTo.slice(0, 10)}  ${subject}`;

async function list({ data, json }: Options): Promise<void> {
  const { listCertificates } = await import('../../drivers/opcua/certificates.ts');
  const found = await listCertificates(driverState(data));
  if (json) console.log(JSON.stringify(found, null, 2));
  else if (found.length === 0) console.error(`no certificates in ${driverState(data)}`);
  else for (const one of found) console.log(line(one.role, one));
}

async function judge(verdict: 'trust' | 'reject', name: string, { data, json }: Options): Promise<void> {
  const { judgeCertificate } = await import('../../drivers/opcua/certificates.ts');
  const { loadStack } = await import('../../drivers/opcua/stack.ts');
  const info = await judgeCertificate(await loadStack(), driverState(data), realClock(), verdict, name);
  const role = verdict === 'trust' ? 'trusted' : 'rejected';
  const { file: _, ...shown } = info;
  console.log(json ? JSON.stringify({ role, ...shown }, null, 2) : line(role, info));
}

async function renew({ data, json, switch: change }: Options): Promise<void> {
  const { renewCertificate, switchCertificate } = await import('../../drivers/opcua/certificates.ts');
  const { loadStack } = await import('../../drivers/opcua/stack.ts');
  const info = change
    ? await switchCertificate(driverState(data))
    : await renewCertificate(await loadStack(), driverState(data), realClock());
  const role = change ? 'own' : 'renewed';
  if (json) console.log(JSON.stringify({ role, ...info }, null, 2));
  else {
    console.log(`${line(role, info)}\n${info.file}`);
    if (!change) console.error('trust it on every server, then: lifeline opcua renew --switch');
  }
}
