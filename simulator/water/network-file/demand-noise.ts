import type { Random } from '../../../edge/core/random.ts';
import { Wander } from '../../city/wander.ts';
import type { Engine } from '../epanet.ts';
import type { NetworkRun } from './network-run.ts';
import type { Zone } from './zones.ts';

/** A district's deviation from its pattern (domain reference 1.1: 5–10 %). */
const zoneDeviation = 0.05;
/** An open tap, L/s, and the most by which chance moves a junction: few taps make a large share. */
const tapLps = 0.06;
const largestDeviation = 0.3;
/** Every junction draws anew about once in this time, s. */
const roundS = 60;

/** One category of demand at a junction, as the file has it. */
interface Demand {
  readonly node: number;
  readonly category: number;
  readonly baseLps: number;
  readonly deviation: number;
  readonly zone: Wander | undefined;
}

/**
 * What people add to the file's patterns: a slow course per district, and at each junction the chance of how many taps
 * are open, Poisson with mean demand / 0.06 L/s, so of relative deviation √(0.06 / demand). Junctions draw in turn, all
 * of them in a minute, which costs a live step little.
 */
export class DemandNoise {
  private readonly random: Random;
  private readonly demands: readonly Demand[];
  private next = 0;
  private owed = 0;

  constructor(engine: Engine, zones: readonly Zone[], junctions: readonly number[], random: Random) {
    this.random = random.fork('taps');
    const wanders = new Map(
      zones.flatMap(({ junctions: own }, position) => {
        const wander = new Wander(random.fork(`zone-${position}`), zoneDeviation);
        return own.map(({ index }) => [index, wander] as const);
      }),
    );
    this.demands = junctions.flatMap((node) =>
      Array.from({ length: engine.getNumberOfDemands(node) }, (_, position) => {
        const baseLps = engine.getBaseDemand(node, position + 1);
        const deviation = Math.min(largestDeviation, Math.sqrt(tapLps / Math.abs(baseLps)));
        return { node, category: position + 1, baseLps, deviation, zone: wanders.get(node) };
      }).filter(({ baseLps }) => baseLps !== 0),
    );
  }

  /** Lets as many junctions draw as the step's share of a minute holds. */
  step(dtS: number, timeMs: number, run: NetworkRun): void {
    const { demands } = this;
    this.owed += (demands.length * Math.min(dtS, roundS)) / roundS;
    for (; this.owed >= 1; this.owed--) {
      const demand = demands[this.next];
      this.next = (this.next + 1) % demands.length;
      if (!demand) return;
      const factor = 1 + (demand.zone?.at(timeMs) ?? 0) + demand.deviation * this.random.normal();
      run.setBaseDemand(demand.node, demand.category, demand.baseLps * Math.max(0, factor));
    }
  }
}
