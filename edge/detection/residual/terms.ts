/** Up to so many inputs their squares and products count too. */
const mostCurved = 3;

/** How many terms so many inputs give. */
export const termCount = (inputs: number): number =>
  inputs > mostCurved ? inputs : inputs + (inputs * (inputs + 1)) / 2;

/**
 * The terms of a regression, written to `terms`: the inputs and, of few, their squares and products, which is what pump
 * curves, friction and heat (flow times difference) are made of. More inputs than that stay linear.
 */
export function writeTerms(inputs: ArrayLike<number>, terms: Float64Array): void {
  const count = inputs.length;
  for (let index = 0; index < count; index++) terms[index] = inputs[index] as number;
  if (count > mostCurved) return;
  let place = count;
  for (let left = 0; left < count; left++)
    for (let right = left; right < count; right++)
      terms[place++] = (inputs[left] as number) * (inputs[right] as number);
}
