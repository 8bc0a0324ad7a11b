import type { Text } from '../../../core/text.ts';

/** Something that happened in a simulated city, as its truth tells. */
export interface TruthSpan {
  readonly id: string;
  readonly assets: readonly string[];
  readonly tags: readonly string[];
  readonly text: Text;
  /** By the clock of the machine that played the city, ms since epoch. */
  readonly fromMs: number;
  /** Undefined for what lasts. */
  readonly toMs: number | undefined;
}

/** The lines of the file that `lifeline sim --truth` writes; the last one of a happening counts. Others are passed over. */
export function truthOf(text: string): readonly TruthSpan[] {
  const spans = new Map<string, TruthSpan>();
  for (const line of text.split('\n')) {
    const span = spanOf(line);
    if (span) spans.set(span.id, span);
  }
  return [...spans.values()].sort((a, b) => a.fromMs - b.fromMs);
}

/** What is read of a line. */
interface TruthLine {
  readonly type: 'truth';
  readonly id: string;
  readonly affected: readonly string[];
  readonly expectedTags: readonly string[];
  readonly text: Text;
  /** By the clock of the machine that played the city, ms since epoch. */
  readonly startMs: number;
  /** City time. */
  readonly start: string;
  readonly end: string | null;
}

function isTruth(read: unknown): read is TruthLine {
  const line = read as Partial<TruthLine> | null;
  return (
    line?.type === 'truth' &&
    Number.isFinite(line.startMs) &&
    [line.affected, line.expectedTags].every(Array.isArray) &&
    typeof line.text?.en === 'string'
  );
}

function spanOf(line: string): TruthSpan | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isTruth(read)) return undefined;
  const { id, affected: assets, expectedTags: tags, text, startMs: fromMs, start, end } = read;
  const toMs = end === null ? undefined : fromMs + Date.parse(end) - Date.parse(start);
  return { id, assets, tags, text, fromMs, toMs };
}

/** What of it concerns the points shown, in [fromMs, toMs]. */
export const truthAbout = (
  spans: readonly TruthSpan[],
  shown: { readonly tags: ReadonlySet<string>; readonly assets: ReadonlySet<string> },
  fromMs: number,
  toMs: number,
): readonly TruthSpan[] =>
  spans.filter(
    (span) =>
      span.fromMs <= toMs &&
      (span.toMs ?? toMs) >= fromMs &&
      (span.tags.some((tag) => shown.tags.has(tag)) || span.assets.some((asset) => shown.assets.has(asset))),
  );
