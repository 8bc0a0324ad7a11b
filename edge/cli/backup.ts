import { resolve } from 'node:path';
import type { Command } from 'commander';
import { realClock } from '../core/clock.ts';
import type { Manifest } from './backup/manifest.ts';
import { pack } from './backup/pack.ts';
import { version } from './installation.ts';
import { reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline backup -c gateway.yaml --to hrb-07-2026-03-01.tar.gz
  lifeline backup -c /etc/lifeline/gateway.yaml --data /var/lib/lifeline --to /mnt/usb/hrb-07.tar.gz --with-secrets

The gateway may go on running. Taken are gateway.yaml and the files that it names, alarms, events, audit, history, how far
each sink has come, what detectors and calculated points remember, and the state of learned models. Secrets and private keys stay
out without --with-secrets; what was left out is listed. Exit 0 done, 1 failed, 4 too busy to be copied.
`;

interface BackupOptions {
  readonly config: string;
  readonly data: string;
  readonly to: string;
  readonly withSecrets?: boolean;
  readonly json?: boolean;
}

/** `lifeline backup`: an archive of a gateway, running or not. */
export function backupCommand(program: Command): void {
  program
    .command('backup')
    .description('write configuration and state of a gateway, which may be running, into one file')
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option('--data <dir>', 'data folder of the gateway', 'data')
    .requiredOption('--to <file>', 'the archive (.tar.gz); must not exist')
    .option('--with-secrets', 'take secrets and private keys as well')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', examples)
    .action((options: BackupOptions) => reportingFailure(() => backup(options)));
}

async function backup({ config, data, to, withSecrets = false, json }: BackupOptions): Promise<void> {
  const paths = { config: resolve(config), data: resolve(data), to: resolve(to) };
  const manifest = await pack({ ...paths, withSecrets, version, clock: realClock() });
  if (json) console.log(JSON.stringify(manifest, null, 2));
  else for (const line of [`${to}: ${contentsOf(manifest)}`, ...leftIn(manifest)]) console.log(line);
}

/** How much an archive holds, in one line. */
export function contentsOf({ files, made }: Manifest): string {
  const megabytes = files.reduce((sum, { size }) => sum + size, 0) / 1e6;
  return `${files.length} files, ${megabytes.toFixed(1)} MB, as of ${made}`;
}

/** What an archive does not hold, a line for each. */
export const leftIn = ({ left }: Manifest): string[] =>
  left.map(({ what, why }) => `  not in it: ${what} (${why === 'secret' ? 'a secret' : 'outside the folder'})`);
