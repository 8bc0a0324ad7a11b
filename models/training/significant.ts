/** Rounds to significant digits, so that files do not carry figures that mean nothing. */
export const significant = (value: number, digits = 5): number => Number(value.toPrecision(digits));
