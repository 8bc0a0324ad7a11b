/** The county-level district of a grid cell (GB/T 30428.1), the first six digits of its code (GB/T 2260); empty where it has none. */
export function districtOf(grid: unknown): string {
  return typeof grid === 'string' && /^\d{6}/.test(grid) ? grid.slice(0, 6) : '';
}

/** The city of a grid cell: the code of its district with zeros in the place of the district itself; empty where it has none. */
export const cityOf = (grid: unknown): string => districtOf(grid).replace(/..$/, '00');
