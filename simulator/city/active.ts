import type { Happening, HappeningKind } from './happening.ts';

/** The happenings that a plant plays now; each ends by its own duration. */
export class ActiveHappenings {
  private readonly kinds: ReadonlyMap<string, HappeningKind>;
  private active: readonly Happening[] = [];
  private nowMs = Number.NEGATIVE_INFINITY;

  constructor(kinds: readonly HappeningKind[]) {
    this.kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
  }

  /** Takes a happening up and gives its kind; throws RangeError on an unknown kind or target. */
  start(happening: Happening): HappeningKind {
    const kind = this.kinds.get(happening.kind);
    if (!kind) throw new RangeError(`unknown happening ${happening.kind}; known: ${[...this.kinds.keys()].join(', ')}`);
    if (!kind.targets.includes(happening.target)) {
      throw new RangeError(
        `${happening.kind} cannot happen to ${happening.target}; only to ${kind.targets.join(', ')}`,
      );
    }
    this.active = [...this.active, happening];
    return kind;
  }

  /** Moves on to `timeMs`; drops and returns those that ended by then. */
  expire(timeMs: number): readonly Happening[] {
    this.nowMs = timeMs;
    const over = (entry: Happening) => timeMs > endMsOf(entry);
    const ended = this.active.filter(over);
    if (ended.length > 0) this.active = this.active.filter((entry) => !over(entry));
    return ended;
  }

  /** Magnitudes of this kind on this target as far as they have grown, added up; 0 when there is none. */
  magnitude(kind: string, target: string): number {
    let sum = 0;
    for (const entry of this.active) {
      if (entry.kind === kind && entry.target === target) sum += entry.magnitude * grownShare(entry, this.nowMs);
    }
    return sum;
  }

  /** Magnitude of this kind on this target while it grows linearly from nothing over `overS`. */
  grown(kind: string, target: string, overS: number, timeMs: number): number {
    return this.magnitude(kind, target) * Math.min(1, (this.ageS(kind, target, timeMs) ?? 0) / overS);
  }

  /** Whether the happening of this id still goes on. */
  runs(id: string): boolean {
    return this.active.some((entry) => entry.id === id);
  }

  /** Targets on which a happening of this kind runs. */
  targetsOf(kind: string): readonly string[] {
    return this.active.filter((entry) => entry.kind === kind).map(({ target }) => target);
  }

  /** Seconds that the oldest one of this kind on this target has lasted; undefined when there is none. */
  ageS(kind: string, target: string, timeMs: number): number | undefined {
    const entry = this.active.find((candidate) => candidate.kind === kind && candidate.target === target);
    return entry && Math.max(0, (timeMs - entry.startMs) / 1000);
  }
}

/** City time at which a happening ends as things stand, ms; infinite when it lasts. */
export const endMsOf = ({ startMs, durationS }: Happening): number =>
  durationS > 0 ? startMs + durationS * 1000 : Number.POSITIVE_INFINITY;

/** Share 0..1 of its magnitude that a happening has reached. */
export function grownShare({ startMs, rampS = 0 }: Happening, timeMs: number): number {
  return rampS > 0 ? Math.min(1, Math.max(0, (timeMs - startMs) / (rampS * 1000))) : 1;
}
