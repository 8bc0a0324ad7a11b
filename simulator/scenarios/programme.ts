import { createHash } from 'node:crypto';
import type { City } from '../city/city.ts';
import { type Label, labelOf } from '../city/label.ts';
import type { PlannedHappening } from './plan.ts';
import type { RandomHappenings } from './random-happenings.ts';

export interface ProgrammeOptions {
  readonly city: City;
  readonly planned: readonly PlannedHappening[];
  readonly random?: RandomHappenings;
}

/** Lets happen what was planned and what chance brings, and keeps the fingerprint of the truth about it. */
export class Programme {
  private readonly city: City;
  private readonly waiting: PlannedHappening[];
  private readonly random: RandomHappenings | undefined;
  private readonly hash = createHash('sha256');
  private begun = 0;

  constructor({ city, planned, random }: ProgrammeOptions) {
    this.city = city;
    this.waiting = [...planned].sort((a, b) => a.startMs - b.startMs);
    this.random = random;
  }

  /** Moves the city on by `dtS` seconds (> 0); what is to begin meanwhile begins with the step. Gives its labels. */
  step(dtS: number, wallMs: number): readonly Label[] {
    const untilMs = this.city.nowMs + dtS * 1000;
    const due: PlannedHappening[] = [...(this.random?.take(untilMs) ?? [])];
    for (let next = this.waiting[0]; next && next.startMs <= untilMs; next = this.waiting[0]) {
      due.push(next);
      this.waiting.shift();
    }
    const labels = due.sort((a, b) => a.startMs - b.startMs).map((happening) => this.begin(happening, wallMs));
    this.city.step(dtS);
    return labels;
  }

  /** Lets one begin at once that nobody planned; RangeError when the city cannot play it. Gives its label. */
  happen(happening: PlannedHappening, wallMs: number): Label {
    return this.begin(happening, wallMs);
  }

  /** Ends one before its time; RangeError when it is over. Gives its label with the end that it has now. */
  end(label: Label): Label {
    this.city.end(label.id);
    const ended = { ...label, end: new Date(this.city.nowMs).toISOString() };
    this.write(ended);
    return ended;
  }

  /** How many have begun, and the SHA-256 over their labels without wall times, in hex: same seed, same digest. */
  get truth(): { readonly happenings: number; readonly digest: string } {
    return { happenings: this.begun, digest: this.hash.copy().digest('hex') };
  }

  private write(label: Label): void {
    this.hash.update(`${JSON.stringify({ ...label, wallTime: undefined })}\n`);
  }

  private begin(planned: PlannedHappening, wallMs: number): Label {
    const { hints, ...happening } = planned;
    const kind = this.city.happenings.find((candidate) => candidate.kind === happening.kind);
    if (!kind) throw new RangeError(`this city does not play ${happening.kind}`);
    const label = labelOf(this.city.start(happening), kind, this.city.plcs, wallMs, hints);
    this.begun++;
    this.write(label);
    return label;
  }
}
