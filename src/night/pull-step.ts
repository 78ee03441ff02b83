/** The step that brings the ledger side in: both listings of a business from Layer. */

import type { BusinessConfig } from '../config/config.ts'
import { LayerFault } from '../core/errors.ts'
import { PLACEHOLDER_ID } from '../core/product.ts'
import { type Job, systemClock } from '../job.ts'
import { keepRetention } from '../ledger/erase.ts'
import { createLayerClient, type LayerClient, type LayerOptions } from '../ledger/layer-api/client.ts'
import { pullRefunds } from '../ledger/pull-refunds.ts'
import type { Stepped } from './steps.ts'

/** One client for a whole job: its businesses share the token and the rate limit. */
export const layerClientOf = (
  { config, log }: Pick<Job, 'config' | 'log'>,
  patience: Partial<LayerOptions> = {},
): LayerClient => createLayerClient(config.layer, { clock: systemClock, log, ...patience })

/** Pulls both listings; an incomplete one is a part that failed. */
export const pullStep = async (
  job: Job,
  business: BusinessConfig,
  client: LayerClient,
  into: Stepped,
): Promise<void> => {
  if (business.id === PLACEHOLDER_ID)
    throw new LayerFault(
      `${business.name}: its id in tieout.yaml is still the placeholder that \`tieout init\` wrote`,
      {
        hint: "put the business's id in Layer there",
      },
    )
  const label = `${business.name}: pulling refunds from Layer`
  job.progress.step(label)
  const log = job.log.child({ business_id: business.id })
  const taken = { customer: 0, vendor: 0 }
  const pulls = await pullRefunds(job.database, business, {
    client,
    as_of: job.as_of,
    now: job.now,
    log,
    without_details: business.retention === 0,
    onProgress: ({ direction, refunds }) => {
      taken[direction] = refunds
      job.progress.note(`${taken.customer} of customers, ${taken.vendor} of vendors`)
    },
  })
  if (business.retention !== null) {
    const contents = await keepRetention(job.database, business.id, business.retention, job.as_of)
    if (contents > 0) log.info({ contents, days: business.retention }, 'details of people kept no longer')
  }
  into.result.pulls = pulls
  into.parts.push(
    ...pulls.map(({ problem, direction }) => ({ problem: problem && `${direction} refunds: ${problem}` })),
  )
}
