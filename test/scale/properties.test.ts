import { test } from 'vitest'
import { runVitest } from '../support/nested-suite.ts'

test('fifty sequences of nights of each kind: what is new, open or touched is enough; 800 worlds: the rules hold literally', async () => {
  await runVitest(['run', 'test/property/incremental.test.ts', 'test/property/matching.test.ts'], {
    TIEOUT_SEQUENCES: '50',
    TIEOUT_WORLDS: '800',
  })
})
