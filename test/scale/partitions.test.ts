import { test } from 'vitest'
import { runVitest } from '../support/nested-suite.ts'

test('the whole suite passes with the big tables in eight partitions', async () => {
  await runVitest(['run'], { TIEOUT_TEST_PARTITIONS: '8' })
})
