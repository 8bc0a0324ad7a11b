import fc from 'fast-check';

/** Properties are drawn from one seed, so that a run repeats; `SEED=7 npm test` draws others. */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 1) });
