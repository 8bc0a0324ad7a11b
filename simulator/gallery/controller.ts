import type { ZoneDesign } from './layout.ts';

/** Ventilation modes in the code that the PLC shows. */
export const fanModes = ['stop', 'low', 'normal', 'emergency'] as const;
export type FanMode = (typeof fanModes)[number];

/** What the PLC's program sees of one compartment. */
export interface Seen {
  /** % LEL. */
  readonly ch4: number;
  /** % by volume. */
  readonly oxygen: number;
  /** mg/m³. */
  readonly h2s: number;
  readonly temperatureC: number;
  readonly smoke: boolean;
  /** People are at work inside. */
  readonly occupied: boolean;
}

/** What the program remembers of one compartment. */
export interface Latches {
  readonly gas: boolean;
  /** Too little oxygen, or too much H2S. */
  readonly foul: boolean;
  readonly hot: boolean;
  readonly frost: boolean;
}

export const clearLatches: Latches = { gas: false, foul: false, hot: false, frost: false };

/** Sets at the first threshold, releases at the second. */
const thresholds = {
  /** GB 50838 7.5: at most 20 % LEL. */
  gas: { set: 20, release: 10 },
  /** GB 50838 7.2: above 40 °C. */
  hot: { set: 40, release: 35 },
  /** Frost: winter air is kept out before pipes freeze. */
  frost: { set: 4, release: 6 },
  oxygen: { set: 19.5, release: 20 },
  h2s: { set: 10, release: 7 },
} as const;

/** The latches after one scan. */
export function latch(before: Latches, seen: Seen): Latches {
  const { gas, hot, frost, oxygen, h2s } = thresholds;
  const foul = seen.oxygen < oxygen.set || seen.h2s > h2s.set;
  return {
    gas: seen.ch4 >= gas.set || (before.gas && seen.ch4 > gas.release),
    foul: foul || (before.foul && (seen.oxygen < oxygen.release || seen.h2s > h2s.release)),
    hot: seen.temperatureC >= hot.set || (before.hot && seen.temperatureC > hot.release),
    frost: seen.temperatureC <= frost.set || (before.frost && seen.temperatureC < frost.release),
  };
}

/**
 * Ventilation of a compartment: smoke here or next door stops the fans (GB 50838 7.1); gas here or next door, lack of
 * oxygen, H2S or heat start the emergency rate (7.2, 7.5); frost lowers it, and stops it where there is no gas main.
 */
export function modeFor(
  design: ZoneDesign,
  own: Seen,
  latches: Latches,
  neighbours: readonly { readonly seen: Seen; readonly latches: Latches }[],
): FanMode {
  if (own.smoke || neighbours.some((other) => other.seen.smoke)) return 'stop';
  if (latches.gas || neighbours.some((other) => other.latches.gas)) return 'emergency';
  if (latches.foul || latches.hot) return 'emergency';
  if (own.occupied) return 'normal';
  if (latches.frost) return design.cabin === 'gas' ? 'low' : 'stop';
  return 'normal';
}
