import type { LifelineError } from '../core/errors.ts';
import { modelErrors } from './errors.ts';
import type { Manifest } from './manifest.ts';
import { reasonOf, type ThreadReply } from './model-thread.ts';

/** The manifest's own figures must come out on this machine within this relative difference. */
const PARITY_TOLERANCE = 1e-5;

/** What a model answered to its manifest's parity vectors, held against them; undefined when they agree. */
export function parityObjection(
  file: string,
  parity: Manifest['parity'],
  reply: ThreadReply,
): LifelineError | undefined {
  const answered = reply.type === 'outputs';
  const wrong = answered ? parity.findIndex((vector, row) => !agree(reply.outputs[row], vector.output)) : 0;
  if (answered && wrong < 0) return undefined;
  const got = answered ? reply.outputs[wrong] : reasonOf(reply);
  return modelErrors.create('PARITY', `compare ${file}: vector ${wrong} gives ${got}, not ${parity[wrong]?.output}`);
}

function agree(got: number | undefined, expected: number): boolean {
  return got !== undefined && Math.abs(got - expected) <= PARITY_TOLERANCE * Math.max(1, Math.abs(expected));
}
