import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { unpack } from './backup/unpack.ts';
import { contentsOf, leftIn } from './backup.ts';
import { version } from './installation.ts';
import { reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline restore hrb-07-2026-03-01.tar.gz --to restored
  lifeline run -c restored/config/gateway.yaml --data restored/data

Nothing is restored unless every byte is as it was. What the backup left out — secrets, files outside the folder of
gateway.yaml — is listed, and lifeline check names what is missing. The restored journal goes on under a new epoch, so that new
alarms are new to every receiver. Stop the old gateway first: two of one name confuse them. Exit 0 done, 1 refused.
`;

/** `lifeline restore`: what a backup holds, into a folder of its own. */
export function restoreCommand(program: Command): void {
  program
    .command('restore')
    .description('put what a backup holds into a new folder')
    .argument('<file>', 'archive that lifeline backup has written')
    .requiredOption('--to <dir>', 'folder for config/ and data/; must be new or empty')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', examples)
    .action((file: string, options: { readonly to: string; readonly json?: boolean }) =>
      reportingFailure(() => restore(file, options)),
    );
}

async function restore(file: string, { to, json }: { readonly to: string; readonly json?: boolean }): Promise<void> {
  const dir = resolve(to);
  const manifest = await unpack(resolve(file), dir, version);
  if (json) {
    console.log(JSON.stringify(manifest, null, 2));
    return;
  }
  for (const line of [`${to}: ${contentsOf(manifest)}`, ...leftIn(manifest)]) console.log(line);
  console.log(`  lifeline run -c ${join(to, manifest.config)} --data ${join(to, 'data')}`);
}
