/** Celerity in old iron mains, m/s (domain reference 1.1: about 1100), and gravity. */
const celerityMS = 1100;
const gravity = 9.81;
/** Trunk that the wave runs through and back, m, and its section at the station, m² (700 mm). */
const trunkM = 4600;
const trunkM2 = (Math.PI / 4) * 0.7 ** 2;
/** Period of a pipe with a closed end at the pumps and the tank at the other: 4 L / a, s. */
const periodS = (4 * trunkM) / celerityMS;
/** Branches and leaks take the wave away within this time, s (design choice). */
const dampingS = 14;
/** Water tears off at about −9.5 m gauge: no wave goes below. */
const vapourM = -9.5;

/**
 * Pressure waves after a trip, which the steady-state engine cannot have: every change of flow at the station while a
 * pump runs out sends Δh = a Δv / g into the trunk (N. Joukowsky 1898), which swings there as a damped sine.
 */
export class Surge {
  /** Elevation at the station, m, and its quadrature: the state of the swing. */
  private headM = 0;
  private turnedM = 0;

  /** Moves on by `dtS`, in which the station's flow changed by `changeLps`; 0 when it did not change at a stroke. */
  step(dtS: number, changeLps: number): void {
    const stay = Math.exp(-dtS / dampingS);
    const angle = (2 * Math.PI * dtS) / periodS;
    const [head, turned] = [this.headM, this.turnedM];
    this.headM = stay * (head * Math.cos(angle) - turned * Math.sin(angle));
    this.turnedM = stay * (head * Math.sin(angle) + turned * Math.cos(angle));
    this.headM += (celerityMS * (changeLps / 1000 / trunkM2)) / gravity;
  }

  /** What a gauge at a pressure shows while the wave passes, m; `share` of it reaches the place. */
  shown(pressureM: number, share: number): number {
    return Math.max(Math.min(pressureM, vapourM), pressureM + share * this.headM);
  }

  /** Everything has come to rest, as over a long step. */
  settle(): void {
    this.headM = 0;
    this.turnedM = 0;
  }
}
