import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { readReview } from '../../config/alarm-review.ts';
import { alarmSources } from '../../config/alarm-subjects.ts';
import { alarmTableCells, correctionCells } from '../../config/alarm-table.ts';
import { replaceFile } from '../../config/draft.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import type { Problem } from '../../config/problem.ts';
import type { HeaderLanguage } from '../../config/table-output.ts';
import { ExitCode } from '../exit.ts';
import { count, printProblems } from '../problems.ts';
import { loadContext } from '../product.ts';
import { reportingFailure } from '../reporting.ts';
import { headersOption, tableBytes, tableFile } from '../table-writing.ts';

/** The sheet's name in a workbook. */
const sheetName = 'alarms';
/** Where corrections go when gateway.yaml names no file yet. */
const usualTable = 'alarms.csv';

interface ExportOptions {
  readonly config: string;
  readonly out: string;
  readonly headers: HeaderLanguage;
}

interface ImportOptions {
  readonly config: string;
  readonly headers: HeaderLanguage;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `lifeline alarms export|import`: the master alarm table out to a review meeting, and its corrections in. */
export function masterTableCommands(group: Command): void {
  group
    .command('export')
    .description('the master alarm table: every alarm with cause, consequence, response, time to respond and priority')
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .requiredOption('--out <file>', 'CSV or XLSX', tableFile)
    .addOption(headersOption())
    .action((options: ExportOptions) => reportingFailure(() => exportTable(options)));
  group
    .command('import')
    .description('take the corrections of a review: what its sheet says otherwise than the packs')
    .argument('<file>', 'the sheet, CSV or XLSX, whole or in part')
    .requiredOption('-c, --config <file>', 'gateway.yaml; its alarms.table is written')
    .addOption(headersOption())
    .option('--dry-run', 'check only, write nothing')
    .option('--json', 'print {ok, errors, warnings, corrections, out}')
    .action((file: string, options: ImportOptions) => reportingFailure(() => importTable(file, options)));
}

async function exportTable({ config, out, headers }: ExportOptions): Promise<void> {
  const { gateway, errors, warnings } = await loadGateway(config, loadContext);
  if (!gateway) return refuse(errors, warnings);
  const cells = alarmTableCells(alarmSources(gateway), headers);
  await replaceFile(out, await tableBytes(out, [{ name: sheetName, cells }]));
  console.log(`${out}: ${count(cells.length - 1, 'alarm')}`);
}

async function importTable(
  file: string,
  { config, headers, dryRun = false, json = false }: ImportOptions,
): Promise<void> {
  const { gateway, errors: wrong, warnings: odd } = await loadGateway(config, loadContext);
  if (!gateway) return refuse(wrong, odd);
  const { corrections, problems: errors, warnings } = await readReview(file, gateway);
  const out = resolve(dirname(config), gateway.config.alarms.table ?? usualTable);
  const good = errors.length === 0;
  if (good && !dryRun) {
    const cells = correctionCells(corrections, headers);
    await replaceFile(out, await tableBytes(out, [{ name: sheetName, cells }]));
  }
  process.exitCode = good ? ExitCode.done : ExitCode.configInvalid;
  if (json) {
    const result = { ok: good, errors, warnings, corrections: corrections.size, out: good && !dryRun ? out : null };
    console.log(JSON.stringify(result, null, 2));
    return;
  }
  printProblems(errors, warnings);
  if (!good) console.error(`nothing written: ${count(errors.length, 'error')}`);
  else console.log(dryRun ? count(corrections.size, 'correction') : told(gateway, out, corrections.size));
}

/** What is written, and what is left to do that it takes effect. */
function told({ config }: LoadedGateway, out: string, corrections: number): string {
  const written = `${out}: ${count(corrections, 'correction')}`;
  return config.alarms.table === undefined
    ? `${written}; add "alarms: { table: ${usualTable} }" to gateway.yaml`
    : `${written}; the gateway goes by it from its next start or reload on`;
}

function refuse(errors: readonly Problem[], warnings: readonly Problem[]): void {
  printProblems(errors, warnings);
  console.error(`nothing written: ${count(errors.length, 'error')}`);
  process.exitCode = ExitCode.configInvalid;
}
