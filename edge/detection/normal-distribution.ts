/** Share of a standard normal distribution below z, to 2e-4 (logistic approximation, Bowling et al. 2009). */
export const normalShare = (z: number): number => 1 / (1 + Math.exp(-0.07056 * z ** 3 - 1.5976 * z));
