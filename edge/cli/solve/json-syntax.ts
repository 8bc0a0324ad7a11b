const token = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\n\r\t]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Where in a text that is not JSON the first thing stands that JSON does not allow, in characters from 0: the runtime's
 * own parser names the place of some mistakes only.
 */
export function jsonMistakeAt(text: string): number {
  let at = 0;
  let next: string | undefined;
  const take = () => {
    token.lastIndex = at;
    const match = token.exec(text);
    next = match ? (match[1] ?? (match[2] ? 'string' : 'literal')) : undefined;
    if (match) at = token.lastIndex;
  };
  /** Takes what is wanted, or stays before what is there instead. */
  const expect = (...wanted: readonly string[]): boolean => {
    const before = at;
    take();
    if (next !== undefined && wanted.includes(next)) return true;
    at = before + (/^[ \t\r\n]*/.exec(text.slice(before))?.[0].length ?? 0);
    return false;
  };
  const inside = (close: string, item: () => boolean): boolean => {
    const before = at;
    if (expect(close)) return true;
    at = before;
    do if (!item()) return false;
    while (expect(',', close) && next === ',');
    return next === close;
  };
  const member = () => expect('string') && expect(':') && value();
  const value = (): boolean => {
    if (!expect('{', '[', 'string', 'literal')) return false;
    if (next === '{') return inside('}', member);
    return next === '[' ? inside(']', value) : true;
  };
  value();
  return at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
}
