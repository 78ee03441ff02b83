import { defineConfig } from 'vitest/config'

/** Two cores are enough; each worker has connections to one shared Postgres that test/support/server.ts starts. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/server.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
