import { defineConfig } from 'vitest/config'

/** `npm run bench`: one measure after the other, each beside what it is compared with, on one server. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/bench/*.bench.ts'],
    globalSetup: ['test/support/server.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    disableConsoleIntercept: true,
  },
})
