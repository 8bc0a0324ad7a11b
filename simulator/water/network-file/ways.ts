/** A step along a pipe. */
interface Street {
  readonly to: number;
  readonly lengthM: number;
}

/** The pipes that join junctions, from either end; what is a border of zones is left out. */
export type Streets = ReadonlyMap<number, readonly Street[]>;

/** The junction with the largest distance, the first of them. */
export function farthest(distances: ReadonlyMap<number, number>): number {
  let found = 0;
  let distance = -1;
  for (const [junction, far] of distances) {
    if (far <= distance) continue;
    found = junction;
    distance = far;
  }
  return found;
}

/**
 * Length of the shortest way along the streets from the nearest of some junctions to every one that can be reached, m
 * (E. Dijkstra 1959). `nearest`, when given, gets for each which of them it is.
 */
export function distancesM(
  streets: Streets,
  from: readonly number[],
  nearest?: Map<number, number>,
): Map<number, number> {
  const done = new Map<number, number>();
  const heap = new WayHeap();
  for (const origin of from) heap.push({ at: origin, lengthM: 0, origin });
  for (let way = heap.pop(); way; way = heap.pop()) {
    if (done.has(way.at)) continue;
    done.set(way.at, way.lengthM);
    nearest?.set(way.at, way.origin);
    for (const { to, lengthM } of streets.get(way.at) ?? []) {
      if (!done.has(to)) heap.push({ at: to, lengthM: way.lengthM + lengthM, origin: way.origin });
    }
  }
  return done;
}

interface Way {
  readonly at: number;
  readonly lengthM: number;
  readonly origin: number;
}

/** Ways, the shortest first: a binary heap. */
class WayHeap {
  private readonly ways: Way[] = [];

  push(way: Way): void {
    const { ways } = this;
    let place = ways.length;
    ways.push(way);
    for (let parent = (place - 1) >> 1; place > 0 && this.shorter(place, parent); parent = (place - 1) >> 1) {
      this.swap(place, parent);
      place = parent;
    }
  }

  pop(): Way | undefined {
    const { ways } = this;
    const [top] = ways;
    const last = ways.pop();
    if (ways.length === 0 || last === undefined) return top;
    ways[0] = last;
    for (let place = 0, child = 1; child < ways.length; child = 2 * place + 1) {
      if (child + 1 < ways.length && this.shorter(child + 1, child)) child++;
      if (!this.shorter(child, place)) break;
      this.swap(child, place);
      place = child;
    }
    return top;
  }

  private shorter(a: number, b: number): boolean {
    return (this.ways[a]?.lengthM ?? 0) < (this.ways[b]?.lengthM ?? 0);
  }

  private swap(a: number, b: number): void {
    [this.ways[a], this.ways[b]] = [this.ways[b] as Way, this.ways[a] as Way];
  }
}
