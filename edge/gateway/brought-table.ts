import { readTableBytes } from '../config/point-table-file.ts';
import { pointCells } from '../config/table-output.ts';
import type { BroughtTable, TableReading } from '../console/configuration-api.ts';
import { shownProblem } from './shown-problem.ts';

/** Reads a CSV or XLSX file that somebody brings, as `lifeline import` does; the cells are those of a table of this product. */
export async function readBroughtTable({ name, device, language, bytes }: BroughtTable): Promise<TableReading> {
  const { rows, problems } = await readTableBytes(name, Buffer.from(bytes), { device });
  if (problems.length > 0) return { cells: [], problems: problems.map((problem) => shownProblem(problem, '')) };
  const cells = pointCells(
    rows.map(({ row }) => row),
    language,
  );
  return { cells: cells.map((row) => row.map(String)), problems: [] };
}
