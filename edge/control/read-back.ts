/** A PLC shows a written value after its next scan: reading back is tried this often, with a pause between. */
export const readBackTries = 4;
export const readBackPauseMs = 500;
