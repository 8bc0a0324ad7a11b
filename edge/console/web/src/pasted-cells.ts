/** Rows of cells, header first. */
export type Cells = readonly (readonly string[])[];

/** Rows and cells as a spreadsheet copies them, laid over a table from a cell on; rows are added where there are too few. */
export function pasted(cells: Cells, row: number, column: number, text: string): Cells {
  const rows = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const width = cells[0]?.length ?? 0;
  const next = cells.map((own) => [...own]);
  rows.forEach((line, down) => {
    const own = next[row + down] ?? Array.from({ length: width }, () => '');
    next[row + down] = own;
    line.split('\t').forEach((cell, right) => {
      if (column + right < width) own[column + right] = cell.trim();
    });
  });
  return next;
}
