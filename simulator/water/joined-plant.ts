import type { LifelineError } from '../../edge/core/errors.ts';
import type { CityNetwork, Happening, HappeningKind, Plant, PlantAsset, Plc, Step, Truth } from '../city/plant.ts';

/** Two plants of one utility as one: what is supplied apart is run apart. */
export class JoinedPlant implements Plant {
  readonly utility: string;
  readonly assets: readonly PlantAsset[];
  readonly plcs: readonly Plc[];
  readonly happenings: readonly HappeningKind[];
  readonly networks: readonly CityNetwork[];
  private readonly parts: readonly Plant[];

  constructor(first: Plant, second: Plant) {
    this.utility = first.utility;
    this.parts = [first, second];
    this.assets = [...first.assets, ...second.assets];
    this.plcs = [...first.plcs, ...second.plcs];
    this.networks = [...first.networks, ...second.networks];
    this.happenings = first.happenings.map((kind) => {
      const more = second.happenings.find((other) => other.kind === kind.kind)?.targets ?? [];
      return { ...kind, targets: [...kind.targets, ...more] };
    });
  }

  step(step: Step): void {
    for (const part of this.parts) part.step(step);
  }

  start(happening: Happening): Truth {
    const plays = ({ kind, targets }: HappeningKind) => kind === happening.kind && targets.includes(happening.target);
    const part = this.parts.find(({ happenings }) => happenings.some(plays));
    if (!part) throw new RangeError(`${this.utility} knows no ${happening.kind} at ${happening.target}`);
    return part.start(happening);
  }

  trouble(): LifelineError | undefined {
    return this.parts.map((part) => part.trouble?.()).find((trouble) => trouble !== undefined);
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }
}
