/** What the tidy test reads out of a source: its imports and the lengths of its functions. */

/** Comments out, line numbers kept. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, '')).replace(/^\s*\/\/.*$/gm, '');

/** Everything a source names as a module: static, type-only, re-exported, dynamic, and files that it starts as workers. */
export function modulesNamedIn(text: string): string[] {
  const code = withoutComments(text);
  const named = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|\brequire\s*\(\s*)(['"`])([^'"`\n]+)\1/g);
  const started = code.matchAll(/\bnew URL\(\s*(['"`])(\.{1,2}\/[^'"`\n]+\.tsx?)\1/g);
  return [...named, ...started].map((match) => match[2] as string);
}

export interface LongFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

const opening = /(?:=>|\)(?:: [^;{}]*(?:\{[^{}]*\}[^;{}]*)*)?) \{$/;
const branch = /^\s*(?:\} )?(?:else\b|if\b|for\b|while\b|switch\b|catch\b|with\b|do\b)/;
const openStart = /^\s*(?:\} )?(?:else if|if|for|while|switch|catch)\b.*\($/;

/**
 * Functions, methods, accessors and arrow functions whose braces span more than `limit` lines. Reads the layout of the
 * formatter: a body opens at the end of a line and closes with a brace at the same indentation.
 */
export function longFunctions(text: string, limit: number): LongFunction[] {
  const lines = withoutComments(text).split('\n');
  return lines.flatMap((line, index) => {
    if (!opening.test(line) || branch.test(line)) return [];
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    const first = line.trimStart().startsWith(')') ? startOf(lines, index, indent) : index;
    if (openStart.test(lines[first] ?? '')) return [];
    const end = lines.findIndex((candidate, at) => at > index && candidate.startsWith(`${indent}}`));
    const length = (end === -1 ? lines.length : end) - first;
    return length > limit ? [{ name: (lines[first] ?? '').trim().slice(0, 60), line: first + 1, lines: length }] : [];
  });
}

/** Where a head that runs over several lines begins. */
function startOf(lines: readonly string[], close: number, indent: string): number {
  for (let at = close - 1; at >= 0; at--) {
    const line = lines[at] ?? '';
    if (line.startsWith(indent) && /^\S/.test(line.slice(indent.length)) && /[([]$/.test(line)) return at;
  }
  return close;
}
