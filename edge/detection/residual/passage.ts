/**
 * An input of a regression: a role, or, `across` the pressures before and behind, how freely it flows,
 * flow / √(before − behind), in the units of its roles. Of a valve or a pipe this depends on how far it is open and on
 * nothing else (Kv, IEC 60534-2-1), whatever the network does.
 */
export interface Passage {
  readonly role: string;
  readonly across?: [before: string, behind: string] | undefined;
}

/** The roles that an input is reckoned from. */
export const rolesOfInput = ({ role, across }: Passage): readonly string[] => [role, ...(across ?? [])];

/** An input from the values of its roles, in their order; not a finite number where nothing presses. */
export function inputFrom(values: ArrayLike<number>): number {
  const flow = values[0] as number;
  return values.length === 1 ? flow : flow / Math.sqrt((values[1] as number) - (values[2] as number));
}
