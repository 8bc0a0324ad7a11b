/** One line of a difference: kept, taken away or added. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const contextLines = 3;
/** With more changes than this the shortest way between two texts is not looked for: all of it counts as changed. */
const maxEdits = 1_000;

/**
 * What changes between two texts line by line, by the fewest changes (E. W. Myers, An O(ND) Difference Algorithm and Its
 * Variations, 1986), each with the lines around it; a line `…` stands for what is left out. Empty when they are the same.
 */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [oldPart, newPart] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const kept = (lines: readonly string[]) => lines.map((text): DiffLine => ({ sign: ' ', text }));
  return abridged([
    ...kept(a.slice(0, start)),
    ...(shortestEdit(oldPart, newPart) ?? allChanged(oldPart, newPart)),
    ...kept(a.slice(a.length - end)),
  ]);
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

const allChanged = (a: readonly string[], b: readonly string[]): readonly DiffLine[] => [
  ...a.map((text): DiffLine => ({ sign: '-', text })),
  ...b.map((text): DiffLine => ({ sign: '+', text })),
];

/** Undefined when it takes more than `maxEdits`. */
function shortestEdit(a: readonly string[], b: readonly string[]): readonly DiffLine[] | undefined {
  const reach = new Map<number, number>([[1, 0]]);
  const rounds: ReadonlyMap<number, number>[] = [];
  for (let edits = 0; edits <= Math.min(a.length + b.length, maxEdits); edits++) {
    rounds.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      let x = goesDown(reach, k, edits) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return wayBack(a, b, rounds);
    }
  }
  return undefined;
}

/** Whether the farthest way to diagonal `k` comes by a line added rather than one taken away. */
const goesDown = (reach: ReadonlyMap<number, number>, k: number, edits: number): boolean =>
  k === -edits || (k !== edits && (reach.get(k - 1) ?? 0) < (reach.get(k + 1) ?? 0));

function wayBack(
  a: readonly string[],
  b: readonly string[],
  rounds: readonly ReadonlyMap<number, number>[],
): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const reach = rounds[edits] ?? new Map<number, number>();
    const k = x - y;
    const from = goesDown(reach, k, edits) ? k + 1 : k - 1;
    const fromX = reach.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > 0 && y > 0 && x > fromX && y > fromY) {
      lines.push({ sign: ' ', text: a[x - 1] ?? '' });
      [x, y] = [x - 1, y - 1];
    }
    if (edits === 0) break;
    lines.push(x === fromX ? { sign: '+', text: b[y - 1] ?? '' } : { sign: '-', text: a[x - 1] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return lines.reverse();
}

function abridged(lines: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  lines.forEach(({ sign }, index) => {
    if (sign !== ' ') for (let at = index - contextLines; at <= index + contextLines; at++) near.add(at);
  });
  if (near.size === 0) return [];
  return lines.flatMap((line, index): DiffLine[] => {
    if (near.has(index)) return [line];
    return index === 0 || near.has(index - 1) ? [{ sign: ' ', text: '…' }] : [];
  });
}
