import type { UnderpassDesign } from './layout.ts';

/** Water in the sump of an underpass and on its road. The road is a wedge: it floods over an area that grows with depth. */
export class Underpass {
  readonly design: UnderpassDesign;
  volumeM3: number;

  constructor(design: UnderpassDesign) {
    this.design = design;
    this.volumeM3 = 0.8 * design.sumpM2;
  }

  private get sumpM3(): number {
    const { sumpM2, roadM, sumpBottomM } = this.design;
    return sumpM2 * (roadM - sumpBottomM);
  }

  /** Depth on the road at its lowest point, m: V = ½ bowl · d², plus the sump's own surface. */
  get roadDepthM(): number {
    const { bowlM, sumpM2 } = this.design;
    const above = this.volumeM3 - this.sumpM3;
    if (above <= 0) return 0;
    return (Math.sqrt(sumpM2 ** 2 + 2 * bowlM * above) - sumpM2) / bowlM;
  }

  /** Level in the sump, m above the datum. */
  get levelM(): number {
    const { sumpBottomM, sumpM2, roadM } = this.design;
    const onRoad = this.roadDepthM;
    return onRoad > 0 ? roadM + onRoad : sumpBottomM + this.volumeM3 / sumpM2;
  }

  step(dtS: number, inflowM3S: number, pumpedM3S: number): void {
    this.volumeM3 += dtS * (inflowM3S - pumpedM3S);
  }
}
