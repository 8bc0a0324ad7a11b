import { defineConfig } from 'vitest/config';

/** Whole processes, a real browser and long runs of the city: what takes its time by nature. */
export default defineConfig({
  test: {
    include: ['tests/**/*.system.test.ts'],
    environment: 'node',
    pool: 'forks',
    globalSetup: ['tests/temporary-folder.ts'],
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
  },
});
