/** A tipping bucket of 0.2 mm, and no rain for this long counts as dry weather, s. */
const tipMm = 0.2;
const dryAfterS = 6 * 3600;
/** Intensity is what tipped over this long, s. */
const windowS = 300;

/** The rain gauge of a pump station: it counts tips, and so do sums and intensity. Snow melts in its heated funnel. */
export class RainGauge {
  tips = 0;
  intensityMmH = 0;
  private bucketMm = 0;
  private windowTips = 0;
  private windowLeftS = windowS;
  private drySinceS = 0;

  get totalMm(): number {
    return this.tips * tipMm;
  }

  /** No tip for six hours. */
  get dry(): boolean {
    return this.drySinceS >= dryAfterS;
  }

  step(dtS: number, precipitationMmH: number): void {
    this.bucketMm += (precipitationMmH * dtS) / 3600;
    const tipped = Math.floor(this.bucketMm / tipMm);
    this.bucketMm -= tipped * tipMm;
    this.tips += tipped;
    this.windowTips += tipped;
    this.drySinceS = tipped > 0 ? 0 : this.drySinceS + dtS;
    this.windowLeftS -= dtS;
    if (this.windowLeftS > 0) return;
    this.intensityMmH = (this.windowTips * tipMm * 3600) / (windowS - this.windowLeftS);
    this.windowTips = 0;
    this.windowLeftS = windowS;
  }
}
