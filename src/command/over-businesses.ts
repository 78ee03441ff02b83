/** What the commands of persons have in common: the same work on each business that is concerned. */

import type { BusinessConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { oneLine } from '../core/visible.ts'
import type { Database } from '../database/connect.ts'
import type { Job, Result } from '../job.ts'
import { eachBusiness, exitOfOutcomes, type Part } from '../night/business-runs.ts'

/** Work on each of the businesses under its lock, and what it says, as one result of this schema. */
export const overBusinesses = async (
  job: Job,
  schema: string,
  businesses: readonly BusinessConfig[],
  work: (
    business: BusinessConfig,
    database: Database,
  ) => Promise<{ text: string; document: object; parts?: readonly Part[] }>,
): Promise<Result> => {
  const outcomes = await eachBusiness({ ...job, businesses }, async (business, { database }) => {
    const { parts = [{ problem: null }], ...result } = await work(business, database)
    return { result, parts }
  })
  return {
    text: outcomes
      .map(({ name, result, problems }) =>
        [name, ...(result ? [result.text] : problems.map((problem) => `  FAILED: ${oneLine(problem)}`))].join('\n'),
      )
      .join('\n'),
    document: {
      schema,
      command: job.name,
      businesses: outcomes.map(({ result, ...outcome }) => ({ ...outcome, ...result?.document })),
    },
    exit: exitOfOutcomes(outcomes),
  }
}

/**
 * Refuses a number that is that of things of several businesses, as it may be where a database lies on many machines.
 * @throws UsageFault
 */
export const checkOneOwner = (job: Job, number: string, owners: readonly string[]): void => {
  const names = job.businesses.filter(({ id }) => owners.includes(id)).map(({ name }) => name)
  if (names.length > 1)
    throw new UsageFault(`${number}: ${names.join(', ')} have one of that number each; say whose with --business`)
}
