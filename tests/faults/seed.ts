import { type Random, seededRandom } from '../../edge/core/random.ts';

/** `SEED=n npm run test:faults` repeats a run; without it every run of the tier is the same. */
export const seed = Number(process.env['SEED'] ?? 1);

/** Randomness of one fault run; its seed is printed, so that a failure can be repeated. */
export function faultSeed(stream: string): Random {
  process.stdout.write(`SEED=${seed} ${stream}\n`);
  return seededRandom(seed, stream);
}
