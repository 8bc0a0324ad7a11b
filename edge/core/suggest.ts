import { both, type Text } from './text.ts';

/** Optimal string alignment distance (insert, delete, replace, swap of neighbours). */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    rows.push(line);
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(cell(row - 1, column) + 1, cell(row, column - 1) + 1, cell(row - 1, column - 1) + same);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, cell(row - 2, column - 2) + 1);
      }
      line.push(best);
    }
  }
  return cell(a.length, b.length);
}

/** The known word nearest to `word`, when it is near enough to be what was meant. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** `did you mean "…"?` where a known word is near. */
export function meant(word: string, known: Iterable<string>): Text | undefined {
  const near = suggest(word, known);
  return near === undefined ? undefined : both(`did you mean "${near}"?`, `是否应为“${near}”？`);
}
