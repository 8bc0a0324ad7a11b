/** How long a register of the soak keeps its content, ms. */
export const tickMs = 100;
const ticks = 0x1_0000;

/**
 * Content of two registers by which a reader knows on its own whether a value is right: the tick of its making above, a
 * hash of place and tick below. A value of another place, or put together from two of them, fits by chance once in 65,536.
 *
 * @param place number of the point among all of the soak
 * @param wallMs ms since epoch
 */
export function contentOf(place: number, wallMs: number): number {
  const tick = Math.floor(wallMs / tickMs) % ticks;
  return tick * ticks + hashOf(place, tick);
}

/** Whether a content belongs to the place; when it was made is another question. */
export function fits(place: number, content: number): boolean {
  return content % ticks === hashOf(place, Math.floor(content / ticks));
}

/** Ticks from the making of a content to a moment; negative where it was made later. Ambiguous beyond 54 minutes. */
export function ageTicks(content: number, wallMs: number): number {
  const age = ((Math.floor(wallMs / tickMs) % ticks) - Math.floor(content / ticks) + ticks) % ticks;
  return age < ticks / 2 ? age : age - ticks;
}

/** 16 bits of the finaliser of MurmurHash3 (A. Appleby, public domain). */
function hashOf(place: number, tick: number): number {
  let state = Math.imul(place, 0x1_0001) ^ Math.imul(tick, 0x9e37_79b1);
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
  return (state ^ (state >>> 16)) & 0xffff;
}
