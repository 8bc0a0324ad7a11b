import { dirname } from 'node:path';
import type { Command } from 'commander';
import { replaceFile } from '../config/draft.ts';
import { readGatewayFile } from '../config/load.ts';
import { readDeviceTable } from '../config/point-table-file.ts';
import type { Problem } from '../config/problem.ts';
import { sheetNames } from '../config/sheet-names.ts';
import type { DeviceEntry } from '../config/spec.ts';
import { tableLimits } from '../config/table-cells.ts';
import { type HeaderLanguage, type OutputSheet, pointCells } from '../config/table-output.ts';
import { suggest } from '../core/suggest.ts';
import { ExitCode } from './exit.ts';
import { exportAlarmsCommand } from './export/alarms.ts';
import { exportHistoryCommand } from './export/history.ts';
import { count, printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { reportingFailure } from './reporting.ts';
import { headersOption, isWorkbook, tableBytes, tableFile } from './table-writing.ts';

const examples = `Examples:
  lifeline export points -c gateway.yaml --out points.xlsx --headers zh     one sheet per device
  lifeline export points -c gateway.yaml --device ps-3 --out ps-3.csv
`;

const notes = `
Text that begins like a formula (= + - @) gets an apostrophe in CSV, so that no spreadsheet runs it; import takes it off.
Exit 0 done, 1 a file cannot be written, 3 errors in the configuration or in a table.
`;

interface PointsOptions {
  readonly config: string;
  readonly device?: readonly string[];
  readonly out: string;
  readonly headers: HeaderLanguage;
}

/** `lifeline export <what>`: what a gateway has, as tables for people. */
export function exportCommand(program: Command): void {
  const group = program.command('export').description('write what a gateway has as CSV or XLSX');
  group
    .command('points')
    .description('point tables of its devices')
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option('--device <id...>', 'only these devices; all of them when left out')
    .requiredOption('--out <file>', 'CSV for one device, or XLSX with one sheet for each', tableFile)
    .addOption(headersOption())
    .addHelpText('before', examples)
    .addHelpText('after', notes)
    .action((options: PointsOptions, command: Command) => reportingFailure(() => exportPoints(options, command)));
  exportHistoryCommand(group);
  exportAlarmsCommand(group);
}

async function exportPoints(options: PointsOptions, command: Command): Promise<void> {
  const { config: file, out, headers } = options;
  const read = await readGatewayFile(file, loadContext);
  if ('errors' in read) return refuse(read.errors);
  const devices = chooseDevices(read.config.devices, options, command);
  const names = sheetNames(devices.map(({ id }) => id));
  const sheets: OutputSheet[] = [];
  const problems: Problem[] = [];
  for (const [index, device] of devices.entries()) {
    const table = await readDeviceTable(device, dirname(file));
    problems.push(...table.problems);
    const rows = table.rows.map(({ row }) => row);
    sheets.push({ name: names[index] ?? device.id, cells: pointCells(rows, headers) });
  }
  if (problems.length > 0) return refuse(problems);
  await replaceFile(out, await tableBytes(out, sheets));
  const points = sheets.reduce((sum, { cells }) => sum + cells.length - 1, 0);
  console.log(`${out}: ${count(points, 'point')} of ${count(devices.length, 'device')}`);
}

function refuse(problems: readonly Problem[]): void {
  printProblems(problems, []);
  console.error(`nothing written: ${count(problems.length, 'error')}`);
  process.exitCode = ExitCode.configInvalid;
}

type Tabled = DeviceEntry & { readonly points: string };

/** The devices that are asked for; those whose points come from a profile have no table. */
function chooseDevices(
  all: readonly DeviceEntry[],
  { device: wanted, out }: PointsOptions,
  command: Command,
): readonly Tabled[] {
  const tabled = all.flatMap((device) => (device.points === undefined ? [] : [{ ...device, points: device.points }]));
  const known = tabled.map(({ id }) => id);
  const missing = wanted?.find((id) => !known.includes(id));
  if (missing !== undefined) {
    const near = suggest(missing, known);
    const hint = near ? `; did you mean "${near}"?` : '';
    command.error(`error: there is no device "${missing}" with a point table${hint}`);
  }
  const devices = tabled.filter(({ id }) => wanted?.includes(id) ?? true);
  const most = isWorkbook(out) ? tableLimits.sheets : 1;
  if (devices.length > most) {
    const way = most === 1 ? ', or write .xlsx' : '';
    command.error(`error: ${out} holds ${count(most, 'device')}, not ${devices.length}; name some with --device${way}`);
  }
  return devices;
}
