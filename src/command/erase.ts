/** `tieout erase --customer ID`: a person's details are taken out of what is stored; figures, hashes and history stay. */

import { UsageFault } from '../core/errors.ts'
import type { Flags, Job, Result } from '../job.ts'
import { erasePerson, personHash } from '../ledger/erase.ts'
import { recordRepairs } from '../review/repairs.ts'
import { overBusinesses } from './over-businesses.ts'
import { actOf, type PersonFlags } from './person.ts'

export interface EraseFlags extends Flags, PersonFlags {
  customer: string
}

export const erase = async (job: Job, flags: EraseFlags): Promise<Result> => {
  const id = flags.customer.trim()
  if (id === '')
    throw new UsageFault("--customer: found nothing, expected the id of a customer or vendor, Layer's or your own")
  const act = actOf(job, flags)
  const result = await overBusinesses(job, 'tieout.erase/1', job.businesses, async (business, database) => {
    const contents = await database.transaction(async (db) => {
      const rewritten = await erasePerson(db, business.id, id, act.at)
      const person_sha256 = personHash(business.id, id)
      const subject = `person ${person_sha256.slice(0, 16)}`
      await recordRepairs(db, business.id, act, [
        {
          ...{ kind: 'person_erased' as const, subject, from_state: null, to_state: 'erased', months: [] },
          details: { person_sha256, contents: rewritten },
        },
      ])
      return rewritten
    })
    const said = contents === 1 ? '1 stored refund named' : `${contents} stored refunds named`
    return {
      text: `  ${said} this person and ${contents === 1 ? 'holds' : 'hold'} no details of them any more; what Layer sends of them from now on is kept without`,
      document: { contents },
    }
  })
  // what was replaced is gone from the files of the database once their space is free; not every role may do that itself
  await job.database.query('vacuum ledger_page').catch((error: unknown) => job.log.debug({ err: error }, 'vacuum'))
  return result
}
