import { test } from 'vitest'
import { runVitest } from '../support/nested-suite.ts'

test('a hundred sequences of nights: what is new, open or touched is enough; a thousand worlds: the rules hold literally', async () => {
  await runVitest(['run', 'test/property/incremental.test.ts', 'test/property/matching.test.ts'], {
    TIEOUT_SEQUENCES: '100',
    TIEOUT_WORLDS: '1000',
  })
})
