import { seededRandom } from '../../edge/core/random.ts';

/** A smooth random function of time: mean 0, standard deviation 1, correlated over about `periodMs`. */
export type SmoothNoise = (timeMs: number) => number;

/**
 * Value noise with random access in time: independent standard normals on a lattice of `periodMs`, blended by the
 * quintic fade of K. Perlin (Improving Noise, 2002; second derivative continuous) and scaled so that the variance is
 * the same between lattice points as on them. The last pair is remembered, which changes the speed only.
 */
export function smoothNoise(seed: number, label: string, periodMs: number): SmoothNoise {
  const lattice = (cell: number) => seededRandom(seed, `${label}/${cell}`).normal();
  let heldCell = Number.NaN;
  let before = 0;
  let after = 0;
  return (timeMs) => {
    const place = timeMs / periodMs;
    const cell = Math.floor(place);
    if (cell !== heldCell) {
      before = cell === heldCell + 1 ? after : lattice(cell);
      after = lattice(cell + 1);
      heldCell = cell;
    }
    const x = place - cell;
    const weight = x * x * x * (x * (x * 6 - 15) + 10);
    return (before * (1 - weight) + after * weight) / Math.hypot(1 - weight, weight);
  };
}
