import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', 'test/tour/**', 'node_modules/**'],
    testTimeout: 60_000,
    // Native sessions are not shared between threads; the machine has two cores.
    pool: 'forks',
    maxWorkers: 2,
  },
});
