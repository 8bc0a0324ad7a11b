import { describeError, LifelineError } from '../core/errors.ts';
import { ExitCode } from './exit.ts';

/**
 * Runs a command that talks to a device: what went wrong is told with its next step, and exits with 4 when nothing
 * answered, with 1 when the device said no.
 */
export async function reportingFailure(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    console.error(`lifeline: ${describeError(error)}`);
    console.error(error.next);
    process.exitCode = error.retry ? ExitCode.unreachable : ExitCode.failed;
  }
}

/** A time as commands print it, UTC to the second; a dash for none. */
export const iso = (timeMs: number | null): string =>
  timeMs === null ? '–' : new Date(timeMs).toISOString().slice(0, 19);

/** Lines up columns: numbers to the right where `right` says so. */
export function inColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const cell = (text: string, column: number) =>
    right.includes(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}
