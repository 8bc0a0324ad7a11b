/** Parts of a short message at most: what a gateway of messages cuts off nobody reads. */
export const maxParts = 3;
/** Units of a message in one part, and of each part where there are several (3GPP TS 23.040 §9.2.3.24.1). */
const septets = { alone: 160, each: 153 };
const ucs2 = { alone: 70, each: 67 };
/** Basic alphabet of 7 bits, and what takes two units of it (3GPP TS 23.038 §6.2.1). */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extended = new Set('^{}\\[~]|€');
/** Typography that would make every character of a text cost two bytes. */
const plainly: Readonly<Record<string, string>> = { '·': '-', '–': '-', '…': '...' };

/** Of how many parts a text is as a short message. */
export function partsOf(text: string): number {
  const plain = [...text].every((character) => basic.has(character) || extended.has(character));
  const units = plain ? [...text].reduce((sum, character) => sum + (extended.has(character) ? 2 : 1), 0) : text.length;
  const { alone, each } = plain ? septets : ucs2;
  return units <= alone ? 1 : Math.ceil(units / each);
}

/**
 * One line within `maxParts`: what happened, as many of the extras as there is room for, whole and in their order, and the
 * end. Half an instruction is worse than none; what happened is cut only where it has no room by itself.
 */
export function shortMessage(head: string, extras: readonly string[], end: string, separator: string): string {
  const line = (parts: readonly string[]) =>
    [...parts, end]
      .filter(Boolean)
      .join(separator)
      .replace(/[·–…]/g, (sign) => plainly[sign] ?? sign);
  const fits = (parts: readonly string[]) => partsOf(line(parts)) <= maxParts;
  let kept = head;
  while (!fits([kept])) kept = `${[...kept].slice(0, -2).join('')}…`;
  const parts = [kept];
  for (const extra of extras) if (fits([...parts, extra])) parts.push(extra);
  return line(parts);
}
