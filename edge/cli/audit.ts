import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ChainedEntry } from '../core/audit.ts';
import { realClock } from '../core/clock.ts';
import { notedHeads, readAudit } from '../store/read-audit.ts';
import { ExitCode } from './exit.ts';
import { openTable } from './export/table-stream.ts';
import { reportingFailure } from './reporting.ts';
import { tableFile } from './table-writing.ts';

const examples = `
Examples:
  lifeline audit verify --data /var/lib/lifeline
  lifeline audit export --data /var/lib/lifeline --out audit.xlsx

Each entry holds the SHA-256 of the one before; verify looks at all of them, and whether the log still holds the entries
that the journal noted at each start of the gateway, so that a log cut short is seen too. The gateway may go on running.
Exit 0 the chain holds, 1 it does not, 4 there is none to read.
`;

/** `lifeline audit`: who did what, and whether that record is whole. */
export function auditCommand(program: Command): void {
  const group = program.command('audit').description('the log of who did what: verify, export');
  group.addHelpText('after', examples);
  const about = (name: string, what: string) =>
    group.command(name).description(what).option('--data <dir>', 'folder of the state of lifeline run', 'data');
  about('verify', 'look at every entry and at its place in the chain')
    .option('--json', 'print what came of it as JSON')
    .action((options: { readonly data: string; readonly json?: boolean }) => reportingFailure(() => verify(options)));
  about('export', 'write all entries as a table')
    .requiredOption('--out <file>', 'CSV or XLSX', tableFile)
    .action((options: { readonly data: string; readonly out: string }) => reportingFailure(() => write(options)));
}

async function verify({ data, json }: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const trail = await readAudit(resolve(data), realClock());
  try {
    const verdict = await trail.verify(await notedHeads(resolve(data)));
    const { ok, entries, broken, last } = verdict;
    if (json) console.log(JSON.stringify(verdict, null, 2));
    else if (ok) console.log(`${entries} entries in one chain, the last ${last?.sequence ?? 0} ${last?.hash ?? ''}`);
    else console.error(`entry ${broken?.sequence}: ${broken?.why}`);
    if (!ok) process.exitCode = ExitCode.failed;
  } finally {
    await trail.end();
  }
}

const columns = ['sequence', 'time', 'who', 'role', 'from', 'action', 'target', 'outcome', 'before', 'after', 'hash'];

const rowOf = (entry: ChainedEntry) => [
  ...[entry.sequence, new Date(entry.time).toISOString(), entry.who, entry.role, entry.from, entry.action],
  ...[entry.target, entry.outcome, JSON.stringify(entry.before), JSON.stringify(entry.after), entry.hash],
];

async function write({ data, out }: { readonly data: string; readonly out: string }): Promise<void> {
  const trail = await readAudit(resolve(data), realClock());
  const table = await openTable(out, 'audit', columns);
  let entries = 0;
  try {
    for await (const entry of trail.entries()) {
      await table.write([rowOf(entry)]);
      entries++;
    }
    await table.finish();
    console.log(`${out}: ${entries} entries`);
  } finally {
    await table.abandon();
    await trail.end();
  }
}
