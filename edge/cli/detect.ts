import { open, stat } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { replaceFile } from '../config/draft.ts';
import { fileReason } from '../config/file-reason.ts';
import { describeError, LifelineError } from '../core/errors.ts';
import { evaluateErrors } from '../evaluate/errors.ts';
import { type Evaluation, type EvaluationOptions, evaluate } from '../evaluate/evaluate.ts';
import type { Role } from '../evaluate/plan.ts';
import { known, readTable } from '../evaluate/read-table.ts';
import type { Table } from '../evaluate/table.ts';
import { parseTrainingWish, type TrainingWish, trainingRange } from '../evaluate/training-range.ts';
import { detectHtml } from './detect/html.ts';
import { readRolesFile } from './detect/roles-file.ts';
import { writeScores } from './detect/scores-file.ts';
import { describeSummary, type Summary, summarise } from './detect/summary.ts';
import { ExitCode } from './exit.ts';
import { printProblems } from './problems.ts';
import { createProgress } from './progress.ts';

/** The file is read in pieces of this size. */
const CHUNK_BYTES = 1 << 18;

const examples = `
Examples:
  lifeline detect scada.csv
  lifeline detect scada.csv --train 0:10000 --out scores.csv --html report.html
  lifeline detect plant.csv --time Timestamp --train until=2024-03-01 --label Attack --json

Works on any CSV export of several signals, without configuration. The first 20 % of the rows, or those of --train, show what is
normal; every row then gets a score from 0 to 1 by the rows up to it, 0.5 being the alarm threshold: one normal row in 1,000. The chance
of a score s among normal rows is 0.001^(s/(1−s)): 1 in 100 reaches 0.4. --roles is a YAML file of lines "column: role"; roles are
analogue, set-point, binary, enumerated, counter, ignore. Exit 3: the data cannot be judged, and why; 1: a file cannot be read or written.
`;

interface DetectOptions {
  readonly time?: string;
  readonly train?: TrainingWish;
  readonly roles?: string;
  readonly ignore?: readonly string[];
  readonly label?: string;
  readonly out?: string;
  readonly html?: string;
  readonly json?: boolean;
}

/** `lifeline detect`: what the detection makes of a CSV export. Exit 0, 1 or 3. */
export function detectCommand(program: Command): void {
  program
    .command('detect')
    .description('find anomalies in a CSV export of any plant, without configuration')
    .argument('<file>', 'CSV with a row for each moment and a column for each signal')
    .option('--time <column>', 'column with the time; found by itself when left out')
    .option('--train <rows>', 'rows that calibrate: A:B, counted from 0 and without B, or until=TIME', trainingArgument)
    .option('--roles <file>', 'YAML file that says what columns are, where that is not seen')
    .option('--ignore <columns>', 'columns to leave out, separated by commas', (text) => text.split(','))
    .option('--label <column>', 'column with the truth: never an input, compared with the alarms')
    .option('--out <file>', 'CSV to write: row,time,score,alarm,top1,top2,top3')
    .option('--html <file>', 'report to write: one page in Chinese and English that needs nothing beside itself')
    .option('--json', 'print {rows, trainedRows, columns, events, outOfModelShare, warnings, seconds, maxMemoryMb}')
    .addHelpText('after', examples)
    .action(detect);
}

function trainingArgument(text: string): TrainingWish {
  const wish = parseTrainingWish(text);
  if (!wish) throw new InvalidArgumentError('expected A:B, such as 0:10000, or until=TIME');
  return wish;
}

async function detect(file: string, options: DetectOptions): Promise<void> {
  try {
    await run(file, options);
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    const { code, message, next } = error;
    if (options.json) console.log(JSON.stringify({ ok: false, errors: [{ file, code, message, fix: next }] }, null, 2));
    else console.error(`error ${describeError(error)}; ${next}`);
    const unread = error.code === evaluateErrors.create('READ', '').code;
    process.exitCode = unread ? ExitCode.failed : ExitCode.configInvalid;
  }
}

async function run(file: string, options: DetectOptions): Promise<void> {
  const began = performance.now();
  const table = await readFile(file, options);
  const roles = await rolesOf(file, table, options);
  if (!roles) {
    process.exitCode = ExitCode.configInvalid;
    return;
  }
  const train = trainingRange(table, options.train ?? { kind: 'default' });
  const progress = createProgress(table.store.rows, process.stderr);
  const evaluation = evaluateTelling(
    table,
    { train, roles, onRows: (rows) => progress.update(rows, 'rows judged') },
    options,
  );
  progress.clear();
  if (options.out !== undefined) await writeScores(options.out, table, evaluation.verdicts);
  const seconds = (performance.now() - began) / 1000;
  const summary: Summary = summarise(table, evaluation, train, seconds, process.resourceUsage().maxRSS / 1024);
  if (options.html !== undefined)
    await replaceFile(options.html, Buffer.from(detectHtml(file, table, evaluation, summary)));
  if (options.json) console.log(JSON.stringify(summary, null, 2));
  else for (const line of describeSummary(summary)) console.log(line);
}

/** What reading found is part of the evaluation; where there is none it may be the reason. */
function evaluateTelling(table: Table, how: EvaluationOptions, { json }: DetectOptions): Evaluation {
  try {
    return evaluate(table, how);
  } catch (error) {
    if (!json) for (const warning of table.warnings) console.error(`warning ${describeError(warning)}`);
    throw error;
  }
}

async function readFile(file: string, { time, label }: DetectOptions): Promise<Table> {
  let size: number;
  try {
    size = (await stat(file)).size;
  } catch (cause) {
    throw evaluateErrors.create('READ', `cannot read ${file}${fileReason(cause)}`, cause);
  }
  const progress = createProgress(Math.ceil(size / 1e6), process.stderr);
  let bytesRead = 0;
  const onRows = (rows: number) => progress.update(Math.round(bytesRead / 1e6), `MB, ${rows} rows read`);
  try {
    const chunks = chunksOf(file, (bytes) => {
      bytesRead += bytes;
    });
    const table = await readTable(file, chunks, { time, label, onRows });
    progress.clear();
    return table;
  } catch (cause) {
    progress.clear();
    if (cause instanceof LifelineError) throw cause;
    throw evaluateErrors.create('READ', `cannot read ${file}${fileReason(cause)}`, cause);
  }
}

/** The bytes of a file, in one piece of memory that is used over and over: a stream leaves a new one behind for each read. */
async function* chunksOf(file: string, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const memory = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(memory, 0, memory.length);
      if (bytesRead === 0) return;
      onBytes(bytesRead);
      yield memory.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Roles by file and by --ignore; undefined, and told, when the file has mistakes. */
async function rolesOf(file: string, table: Table, options: DetectOptions): Promise<Map<string, Role> | undefined> {
  const roles = new Map<string, Role>();
  if (options.roles !== undefined) {
    const read = await readRolesFile(options.roles, table.names);
    if (read.problems.length > 0) {
      if (options.json) console.log(JSON.stringify({ ok: false, errors: read.problems }, null, 2));
      else printProblems(read.problems, []);
      return undefined;
    }
    for (const [name, role] of read.roles) roles.set(name, role);
  }
  for (const name of options.ignore ?? []) {
    if (name === options.time || name === options.label) continue;
    known(file, name, table.names);
    roles.set(name, 'ignore');
  }
  return roles;
}
