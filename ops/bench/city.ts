import { benchExam } from './exam.ts';
import type { BenchRow } from './row.ts';
import { benchWaterEngine } from './water-engine.ts';
import { benchWholeCity } from './whole-city.ts';

/** The simulated city: how fast it runs against what it is made of. */
export async function benchCity(): Promise<BenchRow[]> {
  return [...(await benchWaterEngine()), ...(await benchWholeCity()), ...(await benchExam())];
}
