/** What feeds what, as far as the configuration says: devices feed the assets that they tell of. */
export class Topology {
  private readonly feeds: ReadonlyMap<string, readonly string[]>;
  private readonly fedBy = new Map<string, string[]>();
  private readonly reached = new Map<string, ReadonlyMap<string, number>>();
  private readonly sources = new Map<string, ReadonlySet<string>>();

  constructor(feeds: ReadonlyMap<string, readonly string[]>) {
    this.feeds = feeds;
    for (const [source, fed] of feeds)
      for (const id of fed) this.fedBy.set(id, [...(this.fedBy.get(id) ?? []), source]);
  }

  /** Steps downstream from one to the other; undefined when it is not fed by it. */
  distance(from: string, to: string): number | undefined {
    return this.downstreamOf(from).get(to);
  }

  /** How many it feeds, over whatever lies between. */
  reachOf(from: string): number {
    return this.downstreamOf(from).size;
  }

  /** Whether something feeds both. */
  haveOneSource(one: string, other: string): boolean {
    const others = this.sourcesOf(other);
    for (const source of this.sourcesOf(one)) if (others.has(source)) return true;
    return false;
  }

  /** Everything that feeds it, over whatever lies between. */
  sourcesOf(id: string): ReadonlySet<string> {
    const known = this.sources.get(id);
    if (known) return known;
    const found = new Set<string>([id]);
    for (const one of found) for (const source of this.fedBy.get(one) ?? []) found.add(source);
    found.delete(id);
    this.sources.set(id, found);
    return found;
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
