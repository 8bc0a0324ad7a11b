import { dirname, isAbsolute, join } from 'node:path';
import { type Command, Option } from 'commander';
import { drivers } from '../../drivers/registry.ts';
import { replaceFile } from '../config/draft.ts';
import { pointErrors } from '../config/errors.ts';
import { judgeAlone, judgeInGateway, judgeTable, type TableVerdict } from '../config/imported-table.ts';
import { readGatewayFile } from '../config/load.ts';
import type { PointTable } from '../config/point-table.ts';
import { readTableFiles } from '../config/point-table-file.ts';
import { type Problem, problemAt } from '../config/problem.ts';
import { idPattern } from '../config/spec.ts';
import { type HeaderLanguage, pointCells } from '../config/table-output.ts';
import { tableFixes, tableTexts } from '../config/table-texts.ts';
import { ExitCode } from './exit.ts';
import { count, printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { reportingFailure } from './reporting.ts';
import { headersOption, tableBytes, tableFile } from './table-writing.ts';

const examples = `Examples:
  lifeline import supplier.xlsx --device ps-3 -c gateway.yaml
  lifeline import pumps.csv valves.csv --device ps-3 --driver modbus --headers zh
  lifeline import supplier.xlsx --device ps-3 --sheet 三号泵站 --ignore-columns --dry-run
`;

const notes = `
CSV in UTF-8, UTF-16 or GBK and XLSX are read; every sheet with cells, unless --sheet picks one or one is named like the
device. Nothing is written while there is an error, unless --partial leaves the rows with errors out. With -c the table
is judged in the place of the device's own, and written there. Exit 0 done, 1 a file cannot be read or written, 3 errors.
`;

interface ImportOptions {
  readonly device: string;
  readonly config?: string;
  readonly driver?: string;
  readonly sheet?: string;
  readonly out?: string;
  readonly headers: HeaderLanguage;
  readonly ignoreColumns?: boolean;
  readonly partial?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `lifeline import`: a foreign point table becomes a device's. */
export function importCommand(program: Command): void {
  program
    .command('import')
    .description('check a point table from elsewhere and make it a device’s')
    .argument('<file...>', 'CSV or XLSX; several make one table')
    .requiredOption('--device <id>', 'device that the table is for')
    .option('-c, --config <file>', 'gateway.yaml with the device, to check roles and assets too')
    .addOption(
      new Option('--driver <name>', 'driver of the device, where there is no -c; opcua when rows name nodes')
        .choices(drivers.map(({ name }) => name))
        .conflicts('config'),
    )
    .option('--sheet <name>', 'the sheet to take')
    .option(
      '--out <file>',
      'CSV or XLSX to write; the table that gateway.yaml names, or points/<device>.csv',
      tableFile,
    )
    .addOption(headersOption())
    .option('--ignore-columns', 'pass over columns that are not known, instead of refusing the table')
    .option('--partial', 'leave out rows with errors, instead of writing nothing')
    .option('--dry-run', 'check only, write nothing')
    .option('--json', 'print {ok, errors, warnings, rows, leftOut, out}')
    .addHelpText('before', examples)
    .addHelpText('after', notes)
    .action((files: string[], options: ImportOptions, command: Command) =>
      reportingFailure(() => run(files, options, command)),
    );
}

async function run(files: readonly string[], options: ImportOptions, command: Command): Promise<void> {
  const { device, sheet, partial = false, dryRun = false, json = false } = options;
  if (!idPattern.test(device)) command.error(`error: "${device}" is no id of a device`);
  const table = await readTableFiles(
    files,
    { sheet, device },
    {
      ignoreColumns: options.ignoreColumns ?? false,
      opened: (file, format) => console.error(`${file}: ${format}`),
    },
  );
  const verdict = await judgeTable(withPoints(table, files), judgeFor(table, options));
  const errors = problemsToTell(verdict, partial);
  const good = verdict.usable && (partial || errors.length === 0);
  const out = options.out ?? (await defaultOut(options));
  if (good && !dryRun) {
    const cells = pointCells(
      verdict.rows.map(({ row }) => row),
      options.headers,
    );
    await replaceFile(out, await tableBytes(out, [{ name: device, cells }]));
  }
  process.exitCode = good ? ExitCode.done : ExitCode.configInvalid;
  if (json) {
    const leftOut = verdict.leftOut.map(({ file, sheet, line }) => ({ file, sheet, line }));
    const { warnings, rows } = verdict;
    const result = { ok: good, errors, warnings, rows: rows.length, leftOut, out: good && !dryRun ? out : null };
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  printProblems(errors, verdict.warnings);
  tell(verdict, good, dryRun ? undefined : out);
}

/** A table without points is none. */
function withPoints({ rows, problems }: PointTable, [file = '']: readonly string[]): PointTable {
  if (rows.length > 0 || problems.length > 0) return { rows, problems };
  const error = pointErrors.create('HEADER', tableTexts.noPoint);
  return { rows, problems: [problemAt({ file, line: 1, column: 1, path: '' }, error, tableFixes.addRow)] };
}

function judgeFor(table: PointTable, { device, config, driver }: ImportOptions) {
  if (config !== undefined) return judgeInGateway(config, loadContext, device);
  const name = driver ?? (table.rows.some(({ row }) => row.node !== undefined) ? 'opcua' : 'modbus');
  const known = drivers.find((candidate) => candidate.name === name);
  if (!known) throw new Error(`driver ${name} is not registered`);
  return judgeAlone(device, known);
}

/** Roles may miss only the tags of rows with errors; that is told when those rows really are left out. */
function problemsToTell({ errors, beyond, leftOut }: TableVerdict, partial: boolean) {
  const kept = partial || leftOut.length === 0 ? beyond : beyond.filter(({ path }) => !path.startsWith('assets['));
  return [...inOrder(errors), ...kept];
}

/** Sheet by sheet, row by row, as a person mends them. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const sheetOf = ({ file, sheet }: Problem) => `${file}\n${sheet ?? ''}`;
  const sheets = [...new Set(problems.map(sheetOf))];
  const rank = (problem: Problem) => sheets.indexOf(sheetOf(problem));
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

async function defaultOut({ config, device }: ImportOptions): Promise<string> {
  const read = config === undefined ? undefined : await readGatewayFile(config, loadContext);
  const entry = read && 'config' in read ? read.config.devices.find(({ id }) => id === device) : undefined;
  const beside = config === undefined ? '.' : dirname(config);
  // a workbook may hold the tables of other devices too: it is not replaced unasked
  const own = entry?.points ?? '';
  if (!own.toLowerCase().endsWith('.csv')) return join(beside, 'points', `${device}.csv`);
  return isAbsolute(own) ? own : join(beside, own);
}

function tell({ rows, leftOut, usable }: TableVerdict, good: boolean, out: string | undefined): void {
  const points = count(rows.length, 'point');
  const bad = `${count(leftOut.length, 'row')} with errors`;
  if (good) {
    const without = leftOut.length > 0 ? `, ${bad} left out` : '';
    console.log(
      out === undefined ? `${points} in order${without}; nothing written` : `${out}: ${points} written${without}`,
    );
  } else if (usable) console.error(`nothing written: ${bad}; --partial writes the ${points} without errors`);
  else console.error('nothing written');
}
