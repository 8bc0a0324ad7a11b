import { describeError, type LifelineError } from '../../core/errors.ts';

/** Says on stderr what makes values of the city bad, once when it begins. */
export function troubleTeller(): (troubles: readonly LifelineError[]) => void {
  let told: ReadonlySet<string> = new Set();
  return (troubles) => {
    for (const trouble of troubles) {
      if (!told.has(trouble.message)) console.error(`${describeError(trouble)}; ${trouble.next}`);
    }
    told = new Set(troubles.map(({ message }) => message));
  };
}
