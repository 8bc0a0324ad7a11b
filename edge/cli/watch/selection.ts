import type { CalculatedPoint } from '../../calculation/bound.ts';
import { suggest } from '../../core/suggest.ts';

/** Tags of the names and patterns given (a tag, a device, or either with stars), in the order of the table; all for none. */
export function selectTags(
  names: readonly string[],
  wanted: readonly string[],
): { readonly tags: readonly number[] } | { readonly unknown: string; readonly suggestion: string | undefined } {
  if (wanted.length === 0) return { tags: names.map((_, index) => index) };
  const chosen = new Set<number>();
  for (const text of wanted) {
    const pattern = patternOf(text);
    const before = chosen.size;
    let matched = false;
    names.forEach((name, index) => {
      if (!pattern.test(name)) return;
      matched = true;
      chosen.add(index);
    });
    if (!matched && chosen.size === before) return { unknown: text, suggestion: suggest(text, names) };
  }
  return { tags: [...chosen].sort((a, b) => a - b) };
}

/**
 * The tags that are wanted, and those that calculated ones among them are computed from.
 * @param calculated in the order in which they can be computed
 */
export function withInputs(wanted: readonly number[], calculated: readonly CalculatedPoint[]): ReadonlySet<number> {
  const needed = new Set(wanted);
  for (const { tag, inputs } of calculated.toReversed()) {
    if (needed.has(tag)) for (const input of inputs) needed.add(input);
  }
  return needed;
}

/** A device's name stands for all its tags; `*` for any part of a name. */
function patternOf(text: string): RegExp {
  const escaped = text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}${text.includes('/') ? '' : '/.*'}$`);
}
