/** In which order things can be computed that use each other, or the circle that prevents it. */
export type Order =
  | { readonly order: readonly number[]; readonly levels: readonly number[] }
  | { readonly circle: readonly number[] };

/**
 * Sorts 0 … n − 1 so that each comes after those it uses.
 * @param uses what each of them uses
 * @returns the order, and the level of each: 0, or one more than the highest level it uses; or the first circle found
 */
export function orderByUse(uses: readonly (readonly number[])[]): Order {
  const levels = new Int32Array(uses.length).fill(-1);
  const path: number[] = [];
  const visit = (index: number): readonly number[] | undefined => {
    if ((levels[index] as number) >= 0) return undefined;
    if (path.includes(index)) return path.slice(path.indexOf(index));
    path.push(index);
    let level = 0;
    for (const used of uses[index] ?? []) {
      const circle = visit(used);
      if (circle) return circle;
      level = Math.max(level, (levels[used] as number) + 1);
    }
    path.pop();
    levels[index] = level;
    return undefined;
  };
  for (const index of uses.keys()) {
    const circle = visit(index);
    if (circle) return { circle };
  }
  const order = [...uses.keys()].sort((a, b) => (levels[a] as number) - (levels[b] as number) || a - b);
  return { order, levels: [...levels] };
}
