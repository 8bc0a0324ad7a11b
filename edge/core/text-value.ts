const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * The number that stands for a text among values: equal for equal texts, now and after a restart, and another one for
 * another text but for one change in 2³², so that deadbands, change streams and history see when a text changes without
 * knowing of texts. FNV-1a of 32 bits over the UTF-16 code units (draft-eastlake-fnv, 2); 0 for the empty text.
 */
export function textValue(text: string): number {
  if (text === '') return 0;
  let hash = offsetBasis;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), prime);
    hash = Math.imul(hash ^ (unit >>> 8), prime);
  }
  return hash >>> 0;
}
