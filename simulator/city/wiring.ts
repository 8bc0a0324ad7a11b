import type { Wire } from './couplings.ts';

/** The wires of the default city: what reaches one utility from another. */
export const cityWiring: readonly Wire[] = [];
