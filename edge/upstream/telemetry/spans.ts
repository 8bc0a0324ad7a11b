/** A stretch of source time [fromMs, toMs), ms since epoch, and about how many samples lie in it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly samples: number;
}

/** Spans kept apart at most; beyond it the two nearest become one, which sends more again but loses nothing. */
const maxSpans = 1_000;

/** A set of moments as disjoint spans in order, with the samples in them reckoned as spread evenly. */
export class Spans {
  private list: Span[] = [];

  /** The spans, oldest first. */
  get all(): readonly Span[] {
    return this.list;
  }

  get samples(): number {
    return this.list.reduce((sum, span) => sum + span.samples, 0);
  }

  /** Adds [fromMs, toMs) with the samples in it; what touches becomes one span. */
  add({ fromMs, toMs, samples }: Span): void {
    if (!(fromMs < toMs)) return;
    const start = this.list.findLastIndex((span) => span.toMs < fromMs) + 1;
    let [first, last, count] = [fromMs, toMs, samples];
    let end = start;
    for (let span = this.list[end]; span && span.fromMs <= toMs; span = this.list[++end]) {
      first = Math.min(first, span.fromMs);
      last = Math.max(last, span.toMs);
      count += span.samples;
    }
    this.list.splice(start, end - start, { fromMs: first, toMs: last, samples: count });
    if (this.list.length > maxSpans) this.joinNearest();
  }

  /** Takes out what lies in [fromMs, toMs); returns it, oldest first. */
  take(fromMs: number, toMs: number): readonly Span[] {
    const taken: Span[] = [];
    this.list = this.list.flatMap((span) => {
      const [before, inside, after] = [
        part(span, span.fromMs, fromMs),
        part(span, fromMs, toMs),
        part(span, toMs, span.toMs),
      ];
      taken.push(...inside);
      return inside.length === 0 ? [span] : [...before, ...after];
    });
    return taken;
  }

  private joinNearest(): void {
    let nearest = 1;
    let leastMs = Number.POSITIVE_INFINITY;
    this.list.forEach(({ fromMs }, index) => {
      const gapMs = fromMs - (this.list[index - 1]?.toMs ?? Number.NEGATIVE_INFINITY);
      if (gapMs < leastMs) [nearest, leastMs] = [index, gapMs];
    });
    const [a, b] = this.list.slice(nearest - 1, nearest + 1);
    if (a && b) this.list.splice(nearest - 1, 2, { fromMs: a.fromMs, toMs: b.toMs, samples: a.samples + b.samples });
  }
}

/** What of a span lies in [fromMs, toMs): itself, a part, or nothing. */
function part(span: Span, fromMs: number, toMs: number): Span[] {
  const [from, to] = [Math.max(span.fromMs, fromMs), Math.min(span.toMs, toMs)];
  if (!(from < to)) return [];
  return [{ fromMs: from, toMs: to, samples: (span.samples * (to - from)) / (span.toMs - span.fromMs) }];
}
