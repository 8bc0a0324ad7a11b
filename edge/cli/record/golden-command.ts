import type { Command } from 'commander';
import { loadContext } from '../product.ts';
import { reportingFailure } from '../reporting.ts';
import { rerunRecording, writeGolden } from './golden.ts';
import { newFolder } from './new-folder.ts';

const examples = `
Example:
  lifeline record golden monday tests/drivers/golden/pump-station-refuses --device ps-1

Runs the driver of each device on its recorded frames, in virtual time, and keeps what it makes of them: frames,
configuration and expected samples. From then on \`npm test\` runs the driver on these frames and compares.
`;

interface GoldenOptions {
  readonly device: readonly string[];
  readonly accept?: boolean;
}

/** `lifeline record golden`: a recording becomes a test. */
export function addGoldenCommand(record: Command): void {
  record
    .command('golden')
    .description('make a test of a recording: its frames, and what the driver makes of them')
    .argument('<recording>', 'folder of a recording')
    .argument('<dir>', 'folder for the test; must not exist yet, or be empty')
    .option('--device <id>', 'only this device; may be given several times', (id, list: string[]) => [...list, id], [])
    .option('--accept', 'keep what the driver makes of the frames even where other samples were recorded')
    .addHelpText('after', examples)
    .action((recording: string, out: string, options: GoldenOptions) =>
      reportingFailure(() => golden(recording, out, options)),
    );
}

async function golden(recording: string, out: string, { device, accept = false }: GoldenOptions): Promise<void> {
  const runs = await rerunRecording(recording, loadContext, device);
  await newFolder(out);
  for (const { device: id, same, first, second, difference } of await writeGolden(recording, out, runs, accept)) {
    const apart = difference === undefined ? '' : `; ${difference}`;
    console.log(`${id}: ${second} batches; ${same} of ${first} recorded ones are the same${apart}`);
  }
}
