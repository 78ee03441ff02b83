import { defineConfig } from 'vitest/config'

/** `npm run test:next`: the plain readings of the contract by themselves; they need no database. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/next/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
  },
})
