import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { ExitCode } from '../exit.ts';
import { printProblems } from '../problems.ts';
import { loadContext } from '../product.ts';
import { untilStopped } from '../stopping.ts';
import { openTable, type TableStream } from './table-stream.ts';

/** What an export works with. */
export interface ExportHost {
  readonly gateway: LoadedGateway;
  /** Begins the table. */
  begin(header: readonly string[]): Promise<TableStream>;
  /** Whether somebody wants it to end. */
  stopped(): boolean;
}

/** Runs an export of a gateway's data: its table is put in place, with what `write` says of it, or nothing is left. */
export async function exporting(
  { config, out }: { readonly config: string; readonly out: string },
  sheet: string,
  write: (host: ExportHost) => Promise<string>,
): Promise<void> {
  const { gateway, errors } = await loadGateway(config, loadContext);
  if (!gateway) {
    printProblems(errors, []);
    process.exitCode = ExitCode.configInvalid;
    return;
  }
  let stopped = false;
  void untilStopped(undefined).then(() => {
    stopped = true;
  });
  let table: TableStream | undefined;
  const begin = async (header: readonly string[]) => {
    table = await openTable(out, sheet, header);
    return table;
  };
  try {
    const told = await write({ gateway, begin, stopped: () => stopped });
    if (stopped) {
      console.error('stopped; nothing written');
      process.exitCode = ExitCode.failed;
    } else {
      await table?.finish();
      console.log(`${out}: ${told}`);
    }
  } finally {
    await table?.abandon();
  }
}
