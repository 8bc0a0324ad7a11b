/** What a calculated point remembers over a restart. */
export interface Memory {
  /** Of the point that filled the cells. */
  readonly meaning: string;
  /** Wall clock of the evaluation that left the cells so, ms since epoch. */
  readonly atMs: number;
  /** NaN stands for nothing yet. */
  readonly cells: readonly number[];
}

/** As text for the disk. */
export function writeMemory({ meaning, atMs, cells }: Memory): string {
  return JSON.stringify({ meaning, atMs, cells: cells.map((cell) => (Number.isFinite(cell) ? cell : null)) });
}

/** Undoes `writeMemory`; undefined for anything else. */
export function readMemory(text: string): Memory | undefined {
  try {
    const { meaning, atMs, cells } = JSON.parse(text) as Partial<Record<keyof Memory, unknown>>;
    if (typeof meaning !== 'string' || typeof atMs !== 'number' || !Array.isArray(cells)) return undefined;
    if (!cells.every((cell) => cell === null || typeof cell === 'number')) return undefined;
    return { meaning, atMs, cells: cells.map((cell: number | null) => cell ?? Number.NaN) };
  } catch {
    return undefined;
  }
}
