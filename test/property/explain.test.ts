import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Explanation } from '../../src/command/explain/explanation.ts'
import { explained } from '../../src/command/explain.ts'
import { reconcile } from '../../src/reconciliation/reconcile.ts'
import { besides } from '../support/besides.ts'
import { freshDatabase } from '../support/database.ts'
import { PLAIN_BUSINESS } from '../support/plain-config.ts'
import { quiet } from '../support/quiet.ts'
import { smallWorld } from '../support/random-worlds.ts'
import { runs } from '../support/runs.ts'
import { storeNight } from '../support/stored-world.ts'

const AS_OF = '2026-11-20T12:00:00Z'

const HANDLES = `
  select refund_id || '/' || leg_id as handle from ledger_leg where business_id = $1
  union all
  select concat_ws('/', processor, nullif(account, ''), transaction_id) from processor_row where business_id = $1`

/** What an explanation says wrongly after a run over everything; nothing where it is right. */
const wrongIn = ({ differences, stored, passes, subject }: Explanation): string[] => [
  ...differences.map(({ item, stored: is, recomputed }) => `${item}: ${is}; anew ${recomputed}`),
  ...stored.matches
    .filter(({ pass }) => passes.find((story) => story.pass === pass)?.outcome !== 'matched')
    .map(({ pass }) => `${subject.asked}: stored as matched by ${pass}, which says otherwise`),
]

test('after a run over everything, what is near an item decides of it alone as the run did', {
  timeout: 600_000,
}, async () => {
  const database = await freshDatabase()
  await fc.assert(
    fc.asyncProperty(smallWorld, besides, async (world, beside) => {
      const id = await storeNight(database, { world, besides: beside, night: 0, as_of: AS_OF }, null)
      await reconcile(database, id, { as_of: AS_OF, now: AS_OF, log: quiet })
      const wrong = await database.transaction(async (db) => {
        const handles = await db.query<{ handle: string }>(HANDLES, [id])
        const found: string[] = []
        for (const { handle } of handles) {
          found.push(...wrongIn(await explained(db, [{ ...PLAIN_BUSINESS, id }], handle, AS_OF)))
        }
        return found
      })
      expect(wrong).toEqual([])
    }),
    runs('TIEOUT_EXPLAINED', 6),
  )
  await database.close()
})
