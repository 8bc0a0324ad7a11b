import { Carried } from './carried.ts';
import type { SewerNetwork } from './sewer-network.ts';
import { type SulphideRates, sulphideInSewer, sulphideInWell } from './sulphide.ts';

/** What water carries: warmth, °C; salts as conductivity, mS/cm; organic matter as BOD5 and sulphide, mg/L. */
export interface Matter {
  readonly warmthC: number;
  readonly saltMSCm: number;
  readonly organicMgL: number;
  readonly sulphideMgL: number;
}

/** Usual figures of the waters that meet in a sewer; where no source is named, design choices. */
export const sewage = (soilC: number): Matter => ({
  // Houses warm the water of the mains, which has the soil's temperature, by some 8 K.
  warmthC: soilC + 8,
  saltMSCm: 0.95,
  organicMgL: 240,
  sulphideMgL: 0.1,
});
export const seepage = (soilC: number): Matter => ({
  warmthC: soilC,
  saltMSCm: 0.65,
  organicMgL: 0,
  sulphideMgL: 0,
});
const rain = (outdoorC: number): Matter => ({
  warmthC: Math.max(1, outdoorC),
  saltMSCm: 0.12,
  organicMgL: 15,
  sulphideMgL: 0,
});
/** Meltwater of a city whose roads are salted. */
const melt: Matter = { warmthC: 0.5, saltMSCm: 0.7, organicMgL: 10, sulphideMgL: 0 };
const river: Matter = { warmthC: 8, saltMSCm: 0.2, organicMgL: 3, sulphideMgL: 0 };

/** Runoff of which a share is melted snow. */
export function rainwater(outdoorC: number, meltShare: number): Matter {
  const fell = rain(outdoorC);
  const mixed = (key: keyof Matter) => fell[key] + (melt[key] - fell[key]) * meltShare;
  return {
    warmthC: mixed('warmthC'),
    saltMSCm: mixed('saltMSCm'),
    organicMgL: mixed('organicMgL'),
    sulphideMgL: mixed('sulphideMgL'),
  };
}

/** Sewers take the temperature of the soil at this rate, 1/s. */
const soilExchangeS = 0.15 / 3600;
const first: Matter = { warmthC: 10, saltMSCm: 0.6, organicMgL: 50, sulphideMgL: 0 };
const keys = ['warmthC', 'saltMSCm', 'organicMgL', 'sulphideMgL'] as const satisfies readonly (keyof Matter)[];

/** What the water of the network carries, node by node. */
export class Quality {
  /** Sulphide that leaves the water of each node, mg/s. */
  readonly sulphideLostMgS: Float64Array;
  private readonly network: SewerNetwork;
  private readonly carried: Readonly<Record<keyof Matter, Carried>>;
  private readonly loads: Readonly<Record<keyof Matter, Float64Array>>;
  private readonly made: Float64Array;
  private readonly lost: Float64Array;

  constructor(network: SewerNetwork) {
    this.network = network;
    const count = network.nodes.length;
    const each = <T>(make: (key: keyof Matter) => T) =>
      Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<keyof Matter, T>;
    this.carried = each((key) => new Carried(network, first[key]));
    this.loads = each(() => new Float64Array(count));
    this.made = new Float64Array(count);
    this.lost = new Float64Array(count);
    this.sulphideLostMgS = new Float64Array(count);
  }

  /** Concentration in a node. */
  at(node: number, key: keyof Matter): number {
    return this.carried[key].concentration[node] as number;
  }

  /** Forgets what came in before. */
  begin(): void {
    for (const key of keys) this.loads[key].fill(0);
  }

  /** Takes note of what comes in with a flow. */
  bring(node: number, flowM3S: number, matter: Matter): void {
    for (const key of keys) {
      const load = this.loads[key];
      load[node] = (load[node] as number) + flowM3S * matter[key];
    }
  }

  /** Carries all of it on, with the flows of the network's last step. */
  carry(dtS: number, inflowM3S: Float64Array, soilC: number): void {
    const { carried, loads, made, lost } = this;
    for (const key of ['saltMSCm', 'organicMgL'] as const)
      carried[key].step(dtS, { inflowM3S, loadS: loads[key], river: river[key] });
    this.carrySulphide(dtS, inflowM3S);
    made.fill(soilExchangeS * soilC);
    lost.fill(soilExchangeS);
    const warmth = { inflowM3S, loadS: loads.warmthC, river: Math.max(0.5, soilC), madeS: made, lostS: lost };
    carried.warmthC.step(dtS, warmth);
  }

  private carrySulphide(dtS: number, inflowM3S: Float64Array): void {
    const { network, made, lost } = this;
    for (let node = 0; node < made.length; node++) {
      const { madeS, lostS } = this.ratesAt(node);
      made[node] = madeS;
      lost[node] = lostS;
    }
    const { sulphideMgL } = this.carried;
    const input = { inflowM3S, loadS: this.loads.sulphideMgL, river: 0, madeS: made, lostS: lost };
    sulphideMgL.step(dtS, input);
    for (let node = 0; node < lost.length; node++) {
      const grams = (sulphideMgL.concentration[node] as number) * Math.max(0, network.volumeM3[node] as number);
      this.sulphideLostMgS[node] = 1000 * grams * (lost[node] as number);
    }
  }

  private ratesAt(node: number): SulphideRates {
    const { network } = this;
    const design = network.nodes[node];
    const organic = this.at(node, 'organicMgL');
    const warmth = this.at(node, 'warmthC');
    // The outlet of a wet well is dry but for overflow: its water stands.
    if (!design?.outlet || design.outlet.to === undefined) return sulphideInWell(organic, warmth);
    const { pipe } = design.outlet;
    const depthM = (network.levelM[node] as number) - pipe.upperM;
    return sulphideInSewer(pipe, depthM, network.outletM3S[node] as number, organic, warmth);
  }
}
