import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { ExitCode } from './exit.ts';

/** Ends the command, with the usage exit code, when nobody could be asked and `--yes` was not given. */
export function mustBeAskable(yes: boolean | undefined, command: Command): void {
  if (yes || process.stdin.isTTY) return;
  command.error('error: there is no terminal to ask on; give --yes to write all the same');
}

/** Shows what is going to be written and asks; without consent the command has failed. */
export async function consented(what: string, yes: boolean | undefined): Promise<boolean> {
  console.error(what);
  if (yes || (await asked())) return true;
  console.error('nothing written');
  process.exitCode = ExitCode.failed;
  return false;
}

/** Tells how a write ended when the device does not show the value, and sets the exit code. */
export function reportReadBack(ok: boolean, answered: boolean, readBack: unknown): void {
  process.exitCode = ok ? ExitCode.done : ExitCode.failed;
  if (ok) return;
  const lost = answered ? 'the device took it, but it' : 'no answer came, and it';
  console.error(`lifeline: ${lost} reads back as ${readBack ?? 'nothing'}; look at the plant`);
}

async function asked(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Write it? [y/N] ');
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
