import { defineConfig } from 'vitest/config';

/** Suites of computations alone, without sockets, threads or state of the process: they share processes and imports. */
const computations = ['alarms', 'calculation', 'city', 'config', 'drainage', 'gallery', 'gas', 'heating', 'lighting']
  .concat(['network', 'pipeline', 'power', 'scenarios', 'water'])
  .map((area) => `tests/${area}/**/*.test.ts`);
const elsewhere = ['tests/interop/**', 'tests/faults/**', 'tests/**/*.system.test.ts'];

export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    globalSetup: ['tests/temporary-folder.ts'],
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'computations', include: computations, exclude: elsewhere, isolate: false } },
      {
        extends: true,
        test: { name: 'parts', include: ['tests/**/*.test.ts'], exclude: [...elsewhere, ...computations] },
      },
    ],
  },
});
