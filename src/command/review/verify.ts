/** `tieout review verify`: recomputes the chains of events, and holds them against what a report or a close stated. */

import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { UsageFault } from '../../core/errors.ts'
import type { Job, Result } from '../../job.ts'
import { type ChainPoint, verifyChain } from '../../review/events.ts'

/** Where the chain of a business stood; a run of which that is not known says null. */
const point = z.looseObject({
  business_id: z.string(),
  event_number: z.number().int().nonnegative().nullable(),
  event_hash: z.string().nullable(),
})
const points = z.array(point).default([])
/** A report, which lists what it knows of chains; or a close, which is such a point itself. */
const stating = z.looseObject({ chain: points, closes: points, runs: points })

interface Stated extends ChainPoint {
  business_id: string
}

/** Throws UsageFault where the file states nothing of any chain. */
const statedBy = (path: string): Stated[] => {
  const expected = 'expected a report in JSON, or an exported close'
  if (!existsSync(resolve(path))) throw new UsageFault(`--against ${path}: there is no such file, ${expected}`)
  const document = jsonOf(readFileSync(resolve(path), 'utf8'))
  const read = stating.safeParse(document)
  const own = point.safeParse(document)
  const found = [
    ...(read.success ? [...read.data.chain, ...read.data.closes, ...read.data.runs] : []),
    ...(own.success ? [own.data] : []),
  ].flatMap(({ business_id, event_number, event_hash }) =>
    event_number === null || event_hash === null
      ? []
      : { business_id, event_number: BigInt(event_number), hash: event_hash, source: basename(path) },
  )
  if (found.length === 0)
    throw new UsageFault(`--against ${path}: found nothing that states where a chain of events stood, ${expected}`)
  return found
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export const verifyChains = async (job: Job, against: string | null): Promise<Result> => {
  const stated = against === null ? [] : statedBy(against)
  const said = []
  for (const { id, name } of job.businesses) {
    const own = stated.filter(({ business_id }) => business_id === id)
    if (against !== null && own.length === 0) continue
    const { end, broken } = await job.database.transaction((db) => verifyChain(db, id, own), 'repeatable read')
    said.push({ id, name, end, broken, own })
  }
  if (said.length === 0) throw new UsageFault(`--against ${against}: found none of the chosen businesses in it`)
  const text = said.map(({ name, end, broken, own }) => {
    if (broken !== null) return `${name}: event ${broken.event_number} does not hold: ${broken.problem}`
    const upto = own.reduce((last, { event_number }) => (event_number > last ? event_number : last), 0n)
    const since = own.length === 0 ? '' : `; up to event ${upto} nothing was changed or cut off since ${own[0]?.source}`
    return `${name}: all ${end.event_number} events hold, the last has the hash ${end.hash}${since}`
  })
  const businesses = said.map(({ id, name, end, broken }) => ({
    ...{ business_id: id, name, holds: broken === null, broken },
    ...{ event_number: end.event_number, event_hash: end.hash },
  }))
  return {
    text: text.join('\n'),
    document: { schema: 'tieout.review-verify/1', businesses },
    exit: said.every(({ broken }) => broken === null) ? 0 : 1,
  }
}
