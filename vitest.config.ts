import { configDefaults, defineConfig } from 'vitest/config'

/**
 * Three files at once keep two cores busy, since much of their time is waited for processes; each worker has
 * connections to one shared Postgres that test/support/server.ts starts.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // the long proofs: npm run test:scale
    exclude: [...configDefaults.exclude, 'test/scale/**'],
    globalSetup: ['test/support/server.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
