/** A seeded source of random numbers; the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** An independent stream named by `label`; the parent's sequence is not disturbed. */
  fork(label: string): Random;
}

/** 32-bit FNV-1a hash, to derive stream seeds from labels. */
function hash(text: string, seed: number): number {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return state;
}

/** sfc32 generator (C. Doty-Humphrey, PractRand), normals by Marsaglia's polar method. */
export function seededRandom(seed: number, label = 'root'): Random {
  let a = hash(label, seed | 0);
  let b = hash(`${label}/b`, seed | 0);
  let c = hash(`${label}/c`, seed | 0);
  let counter = 1;
  let spare: number | undefined;
  const uint32 = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let round = 0; round < 12; round++) uint32();
  const next = () => uint32() / 4294967296;
  return {
    next,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      for (;;) {
        const u = 2 * next() - 1;
        const v = 2 * next() - 1;
        const s = u * u + v * v;
        if (s >= 1 || s === 0) continue;
        const factor = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * factor;
        return u * factor;
      }
    },
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    fork: (child) => seededRandom(seed, `${label}/${child}`),
  };
}
