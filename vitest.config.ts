import { defineConfig } from 'vitest/config';

/** Suites that leave nothing behind in their process: they share processes and imports. */
const together = ['alarms', 'calculation', 'city', 'config', 'console', 'detection', 'drainage', 'evaluate', 'exam']
  .concat(['gallery', 'gas', 'heating', 'lighting', 'network', 'pipeline', 'power', 'scenarios', 'store', 'water'])
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
      { extends: true, test: { name: 'together', include: together, exclude: elsewhere, isolate: false } },
      {
        extends: true,
        test: { name: 'apart', include: ['tests/**/*.test.ts'], exclude: [...elsewhere, ...together] },
      },
    ],
  },
});
