import { defineConfig } from 'vitest/config'

/** `npm run test:scale`: the long proofs, one after the other, on a server like that of the suite. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/scale/*.test.ts'],
    globalSetup: ['test/support/server.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    disableConsoleIntercept: true,
  },
})
