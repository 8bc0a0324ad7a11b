import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { openDatabase } from '../store/database.ts';
import { countRecords, type FileExamination } from '../store/examination.ts';
import { examineHistory } from '../store/examine-history.ts';
import { examineJournal } from '../store/examine-journal.ts';
import { type Repair, repairHistory, repairJournal } from '../store/repair.ts';
import { ExitCode } from './exit.ts';
import { createProgress } from './progress.ts';
import { reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline doctor --data /var/lib/lifeline                 every record and chunk against its checksum
  lifeline doctor --data data --export events.jsonl        every event that can be read, one JSON line each
  lifeline doctor --data data --repair                     new files with all that is sound; the old ones are kept beside them

The gateway must be stopped (a copy of its folder will do): its journal is held by it. What can still be read of damaged
history comes out with lifeline export history. Exit 0 sound or repaired, 1 damaged, 4 a gateway holds the folder.
`;

interface DoctorOptions {
  readonly data: string;
  readonly repair?: boolean;
  readonly export?: string;
  readonly json?: boolean;
}

/** One file as it was found, and what a repair made of it. */
interface Looked extends FileExamination {
  readonly ok: boolean;
  readonly repaired?: Repair;
}

/** Damaged places that are printed; `--json` has a thousand. */
const maxPrinted = 20;
/** Records between two strokes of the progress bar. */
const recordsPerStroke = 5_000;

/** `lifeline doctor`: looks for damage in a gateway's data folder, and repairs it. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look for damage in a data folder, repair it, or get out what can be read')
    .option('--data <dir>', 'data folder of a stopped gateway', 'data')
    .option('--repair', 'put new files, with all that is sound, in the place of damaged ones')
    .option('--export <file>', 'write every event that can be read as a line of JSON')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((options: DoctorOptions) => reportingFailure(() => doctor(options)));
}

async function doctor(options: DoctorOptions): Promise<void> {
  const dir = resolve(options.data);
  const examined = await examine(dir, options.export);
  if (examined.length === 0) {
    console.error(`lifeline: there is neither journal.db nor history.db in ${dir}`);
    process.exitCode = ExitCode.failed;
    return;
  }
  const stamp = new Date().toISOString().replaceAll(':', '-');
  const files: Looked[] = [];
  for (const one of examined) {
    const ok = one.pages.length === 0 && Object.values(one.tables).every(({ damaged }) => damaged === 0);
    if (ok || !options.repair) files.push({ ...one, ok });
    else {
      const repair = one.file === 'journal.db' ? repairJournal : repairHistory;
      files.push({ ...one, ok, repaired: await repair(dir, { openDatabase, stamp }) });
    }
  }
  const ok = files.every((file) => file.ok || file.repaired);
  if (options.json) console.log(JSON.stringify({ ok, dir, files }, null, 2));
  else for (const line of files.flatMap(linesOf)) console.log(line);
  process.exitCode = ok ? ExitCode.done : ExitCode.failed;
}

async function examine(dir: string, exportTo: string | undefined): Promise<readonly FileExamination[]> {
  const total =
    (await countRecords(join(dir, 'journal.db'), openDatabase, ['events'])) +
    (await countRecords(join(dir, 'history.db'), openDatabase, ['chunks', 'tail']));
  const progress = createProgress(total, process.stderr);
  let records = 0;
  const onRecords = (count: number) => {
    const before = records;
    records += count;
    if (Math.floor(before / recordsPerStroke) < Math.floor(records / recordsPerStroke)) {
      progress.update(records, 'records');
    }
  };
  const out = exportTo === undefined ? undefined : createWriteStream(exportTo);
  const journal = await examineJournal(dir, openDatabase, {
    records: onRecords,
    async events(events) {
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
      if (out && !out.write(lines)) await once(out, 'drain');
    },
  });
  if (out) await finished(out.end());
  const history = await examineHistory(dir, openDatabase, onRecords);
  progress.clear();
  return [journal, history].filter((file) => file !== undefined);
}

function linesOf({ file, ok, pages, tables, damaged, repaired }: Looked): string[] {
  const counts = Object.entries(tables).map(
    ([table, { sound, damaged: bad }]) => `${table} ${sound} sound${bad > 0 ? `, ${bad} damaged` : ''}`,
  );
  const more = damaged.length - maxPrinted;
  return [
    `${file}: ${ok ? 'sound' : 'damaged'}; ${counts.join('; ')}`,
    ...pages.map((text) => `  pages: ${text}`),
    ...damaged.slice(0, maxPrinted).map((place) => `  damaged: ${place}`),
    ...(more > 0 ? [`  and ${more} more (--json lists them)`] : []),
    ...(repaired ? [`  repaired: ${repaired.taken} taken over; the old file is ${repaired.aside}`] : []),
  ];
}
