import { defineConfig } from 'vitest/config';

/** Kills, torn and damaged files, failing disks, jumping clocks, Sparkplug sessions by seed: 15 minutes at most on two cores. */
export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts', 'tests/upstream/sparkplug-session.test.ts'],
    environment: 'node',
    pool: 'forks',
    globalSetup: ['tests/temporary-folder.ts'],
    testTimeout: 300_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
  },
});
