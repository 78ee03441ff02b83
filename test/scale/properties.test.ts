import { test } from 'vitest'
import { runVitest } from '../support/nested-suite.ts'

const MINUTE = 60

test('5,000 worlds and histories of the matcher, 200 on the tables, fifty sequences of nights of each kind from listings and files, 200 of decisions', {
  timeout: 60 * MINUTE * 1000,
}, async () => {
  const paths = ['matcher', 'nights', 'incremental', 'decisions'].map((name) => `test/property/${name}.test.ts`)
  const environment = {
    TIEOUT_WORLDS: '5000',
    TIEOUT_HISTORIES: '200',
    TIEOUT_SEQUENCES: '50',
    TIEOUT_DECISIONS: '200',
  }
  await runVitest(['run', ...paths], environment, 59 * MINUTE)
})
