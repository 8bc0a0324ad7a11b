import type { Command } from 'commander';
import { Option } from 'commander';
import type { LoadedGateway } from '../../config/load.ts';
import type { HeaderLanguage } from '../../config/table-output.ts';
import { suggest } from '../../core/suggest.ts';
import { readHistory, type StoredHistory } from '../../store/read-history.ts';
import type { Resolution } from '../../store/rollup.ts';
import { count } from '../problems.ts';
import { createProgress } from '../progress.ts';
import { reportingFailure } from '../reporting.ts';
import { headersOption, tableFile } from '../table-writing.ts';
import { exportErrors } from './errors.ts';
import { exporting } from './exporting.ts';
import { historyHead, rollupRows, sampleRows } from './history-rows.ts';
import { localClock } from './local-clock.ts';
import { type SpanOptions, spanOf, withSpanOptions } from './span.ts';
import type { TableStream } from './table-stream.ts';

const examples = `Examples:
  lifeline export history -c gateway.yaml --tags dma-2/flow dma-2/pressure --from 2026-03-01 --to 2026-03-02 --out burst.csv
  lifeline export history -c gateway.yaml --tags "ps-3/*" --every 1h --from 2026-01-01 --out ps-3.xlsx
`;

const notes = `
One row for each sample, or for each minute or hour with least, greatest, mean and last value and the share of good samples; tag by tag,
oldest first. The gateway may go on running. CSV is written as it is read, however long it is; a workbook holds 200,000 rows.
Ctrl-C leaves no file. Exit 0 done, 1 nothing there or not written, 3 errors in the configuration.
`;

const resolutions: Readonly<Record<string, Resolution>> = { raw: 'raw', '1min': 'minute', '1h': 'hour' };
/** Read in one go, so that memory stays small however long the time is. */
const pieceMs: Readonly<Record<Resolution, number>> = {
  raw: 21_600_000,
  minute: 5 * 86_400_000,
  hour: 30 * 86_400_000,
};

interface HistoryOptions extends SpanOptions {
  readonly tags?: readonly string[];
  readonly every: string;
  readonly out: string;
  readonly headers: HeaderLanguage;
}

/** `lifeline export history`: telemetry as the gateway has kept it. */
export function exportHistoryCommand(group: Command): void {
  withSpanOptions(group.command('history').description('telemetry that it has kept'))
    .option('--tags <tag...>', 'device/point, with * for anything; all when left out')
    .addOption(new Option('--every <step>', 'how finely').choices(Object.keys(resolutions)).default('raw'))
    .requiredOption('--out <file>', 'CSV or XLSX', tableFile)
    .addOption(headersOption())
    .addHelpText('before', examples)
    .addHelpText('after', notes)
    .action((options: HistoryOptions) => reportingFailure(() => exportHistory(options)));
}

async function exportHistory(options: HistoryOptions): Promise<void> {
  await exporting(options, 'history', async ({ gateway, begin, stopped }) => {
    const stored = await readHistory(options.data);
    try {
      const work = plan(stored, gateway, options);
      const table = await begin(historyHead(work.resolution === 'raw', options.headers));
      const rows = await write(stored, work, table, stopped);
      return `${count(rows, 'row')} of ${count(work.tags.length, 'tag')}`;
    } finally {
      await stored.close();
    }
  });
}

interface Work {
  readonly tags: readonly { readonly name: string; readonly unit: string }[];
  readonly resolution: Resolution;
  readonly fromMs: number;
  readonly toMs: number;
  readonly timezone: string;
}

function plan(stored: StoredHistory, { tags, config }: LoadedGateway, options: HistoryOptions): Work {
  const { timezone } = config.gateway;
  if (!stored.span) throw exportErrors.create('EMPTY', `read history in ${options.data}: nothing is there yet`);
  const { fromMs, toMs } = spanOf(options, stored.span, timezone);
  const known = [...new Set([...tags.definitions.map(({ name }) => name), ...stored.tags])].filter(
    (name) => name !== '',
  );
  const chosen = new Set((options.tags ?? ['*']).flatMap((pattern) => matching(pattern, known)));
  const unitOf = (name: string) => tags.definitions[tags.indexOf(name) ?? -1]?.unit ?? '';
  return {
    ...{ fromMs, toMs, timezone, resolution: resolutions[options.every] as Resolution },
    tags: [...chosen].map((name) => ({ name, unit: unitOf(name) })),
  };
}

function matching(pattern: string, known: readonly string[]): readonly string[] {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'u');
  const found = known.filter((name) => expression.test(name));
  if (found.length > 0) return found;
  const near = suggest(pattern, known);
  throw exportErrors.create('TAG', `there is no tag "${pattern}"${near ? `; did you mean "${near}"?` : ''}`);
}

/** Resolves with the number of rows, when it was stopped before the end, too. */
async function write(
  stored: StoredHistory,
  { tags, resolution, fromMs, toMs, timezone }: Work,
  table: TableStream,
  stopped: () => boolean,
): Promise<number> {
  const clockOf = localClock(timezone);
  const length = pieceMs[resolution];
  const pieces = Math.max(1, Math.ceil((toMs - fromMs + 1) / length));
  const progress = createProgress(tags.length * pieces, process.stderr);
  let rows = 0;
  for (const [index, { name, unit }] of tags.entries()) {
    for (let piece = 0; piece < pieces; piece++) {
      if (stopped()) break;
      const begin = fromMs + piece * length;
      const end = Math.min(toMs, begin + length - 1);
      const subject = { tag: name, unit, clockOf };
      const cells =
        resolution === 'raw'
          ? sampleRows(await stored.series(name, begin, end), subject)
          : rollupRows(await stored.rollup(name, resolution, begin, end), subject);
      await table.write(cells);
      rows += cells.length;
      progress.update(index * pieces + piece + 1, name);
    }
  }
  progress.clear();
  return rows;
}
