import { yearFraction } from '../city/local-time.ts';
import { type SmoothNoise, smoothNoise } from '../city/noise.ts';

/** Level of the river by month, January first, m above the datum: ice from November on, a flood in August. Design choices. */
const meanM = [114.4, 114.3, 114.5, 115.1, 115, 115.2, 115.6, 115.9, 115.5, 115, 114.6, 114.5];
const deviationM = 0.18;
const periodMs = 6 * 86_400_000;

/** The river at the outfalls, which are small for it: its level is a function of the time alone, random by seed. */
export class River {
  private readonly noise: SmoothNoise;

  constructor(seed: number) {
    this.noise = smoothNoise(seed, 'river', periodMs);
  }

  levelM(timeMs: number): number {
    const place = yearFraction(timeMs) * 12 - 0.5;
    const month = Math.floor(place);
    const at = (index: number) => meanM[(index + 12) % 12] as number;
    return at(month) + (at(month + 1) - at(month)) * (place - month) + deviationM * this.noise(timeMs);
  }
}
