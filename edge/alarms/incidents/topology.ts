/** What feeds what, as far as the configuration says: devices feed the assets that they tell of. */
export class Topology {
  private readonly feeds: ReadonlyMap<string, readonly string[]>;
  private readonly reached = new Map<string, ReadonlyMap<string, number>>();
  private readonly relatives = new Map<string, ReadonlySet<string>>();

  constructor(feeds: ReadonlyMap<string, readonly string[]>) {
    this.feeds = feeds;
  }

  /** Steps downstream from one to the other; undefined when it is not fed by it. */
  distance(from: string, to: string): number | undefined {
    return this.downstreamOf(from).get(to);
  }

  /** Whether something feeds both. */
  haveOneSource(one: string, other: string): boolean {
    for (const source of this.feeds.keys()) {
      const below = this.downstreamOf(source);
      if (below.has(one) && below.has(other)) return true;
    }
    return false;
  }

  /** What one has to do with at all: itself, what it feeds, what feeds it, and what is fed by the same. */
  relatedTo(id: string): ReadonlySet<string> {
    const known = this.relatives.get(id);
    if (known) return known;
    const sources = [id, ...[...this.feeds.keys()].filter((source) => this.downstreamOf(source).has(id))];
    const related = new Set(sources.flatMap((source) => [source, ...this.downstreamOf(source).keys()]));
    this.relatives.set(id, related);
    return related;
  }

  /** Everything below, with its distance (breadth first). */
  private downstreamOf(from: string): ReadonlyMap<string, number> {
    const known = this.reached.get(from);
    if (known) return known;
    const found = new Map<string, number>();
    let front: readonly string[] = [from];
    for (let steps = 1; front.length > 0; steps++) {
      const next = new Set(front.flatMap((id) => this.feeds.get(id) ?? []));
      front = [...next].filter((id) => id !== from && !found.has(id));
      for (const id of front) found.set(id, steps);
    }
    this.reached.set(from, found);
    return found;
  }
}
