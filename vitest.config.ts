import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They take longest: begun last, one of them would run alone at the end. */
const LONGEST = [
  ...['property/nights', 'end-to-end/command-line', 'end-to-end/commands', 'end-to-end/workbook', 'browser/desk'],
  ...['end-to-end/queue', 'end-to-end/people', 'end-to-end/review', 'end-to-end/repair', 'end-to-end/faults'],
  ...['end-to-end/roles', 'integration/report/bounded', 'integration/database/embedded', 'end-to-end/embedded'],
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`))
      return place < 0 ? LONGEST.length : place
    }
    return (await super.sort(files)).sort((one, other) => placeOf(one) - placeOf(other))
  }
}

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
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
