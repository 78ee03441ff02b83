import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** They take longest: begun last, one of them would run alone at the end. */
const LONGEST = [
  ...['property/nights', 'processes/command-line', 'processes/commands', 'processes/workbook', 'browser/desk'],
  ...['processes/queue', 'processes/people', 'processes/review', 'processes/repair', 'processes/faults'],
  ...['processes/roles', 'processes/bounded', 'processes/embedded-server', 'processes/embedded'],
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

/** The long proofs: npm run test:scale. */
const exclude = [...configDefaults.exclude, 'test/scale/**']
const shared = { exclude, pool: 'forks', testTimeout: 60_000, hookTimeout: 60_000 } as const

/**
 * Three files at once keep two cores busy, since much of their time is waited for processes; each worker has
 * connections to one shared Postgres that test/support/server.ts starts. Tests keep no state in modules: a worker
 * loads these once for all of its files. test/processes starts hundreds of processes, kills them and lets them run beside each
 * other: npm run test:processes, which takes longer than all the others.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/server.ts'],
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      { test: { ...shared, name: 'processes', include: ['test/processes/**/*.test.ts'] } },
      {
        test: {
          ...{ ...shared, name: 'whole', include: ['test/**/*.test.ts'], isolate: false },
          exclude: [...exclude, 'test/unit/**', 'test/processes/**'],
        },
      },
    ],
  },
})
