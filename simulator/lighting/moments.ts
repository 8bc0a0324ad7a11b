import type { Step } from '../city/plant.ts';

/** Conditions that a lighting controller works under at one moment inside a step. */
export interface Moment {
  readonly timeMs: number;
  /** Seconds since the moment before, > 0. */
  readonly dtS: number;
  /** Local hour, 0..24. */
  readonly hour: number;
  /** True altitude of the sun's centre, degrees, as an astronomical clock computes it. */
  readonly altitudeDeg: number;
  /** How fast the sun sinks or rises, degrees per minute, >= 0. */
  readonly speedDegMin: number;
  /** Horizontal illuminance, lux. */
  readonly lux: number;
  readonly rainMmH: number;
}

/** Refraction that the sky adds to every altitude below the horizon, degrees (suncalc: Meeus 16.4 held at 0°). */
const refractionDeg = 0.484;
/** No light at all counts as this, lux. */
const darkestLux = 1e-4;
/** Longest time between two moments, s. */
const longestS = 10;

/**
 * Divides the city's steps into moments, so that a circuit switches at the same time of day whatever the step. The sun
 * moves linearly inside a step (within 0.004° over 300 s), light by equal ratios.
 */
export class Moments {
  private altitudeDeg = Number.NaN;
  private logLux = 0;

  /** The moments of a step; the last is its end. */
  of({ timeMs, dtS, hour, weather }: Step): readonly Moment[] {
    const altitudeDeg = (weather.sunAltitude * 180) / Math.PI - refractionDeg;
    const logLux = Math.log(Math.max(weather.lux, darkestLux));
    const first = Number.isNaN(this.altitudeDeg);
    const fromDeg = first ? altitudeDeg : this.altitudeDeg;
    const fromLog = first ? logLux : this.logLux;
    const count = Math.ceil(dtS / longestS);
    const moments = Array.from({ length: count }, (_, index): Moment => {
      const leftShare = 1 - (index + 1) / count;
      return {
        timeMs: timeMs - leftShare * dtS * 1000,
        dtS: dtS / count,
        hour: (hour - (leftShare * dtS) / 3600 + 24) % 24,
        altitudeDeg: altitudeDeg + (fromDeg - altitudeDeg) * leftShare,
        speedDegMin: (60 * Math.abs(altitudeDeg - fromDeg)) / dtS,
        lux: leftShare === 0 ? weather.lux : Math.exp(logLux + (fromLog - logLux) * leftShare),
        rainMmH: weather.rainMmH,
      };
    });
    this.altitudeDeg = altitudeDeg;
    this.logLux = logLux;
    return moments;
  }
}
