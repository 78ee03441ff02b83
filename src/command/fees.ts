/** `tieout fees`: what a processor's invoice says of a month's fees, in the place of the fee lines of its files (spec section 6). */

import type { BusinessConfig } from '../config/config.ts'
import { UsageFault } from '../core/errors.ts'
import { formatMoney, isCurrency, parseMajor } from '../core/money.ts'
import { isMonth } from '../core/period.ts'
import { oneLine } from '../core/visible.ts'
import { count, type RowOf, run } from '../database/statement.ts'
import type { Flags, Job, Result } from '../job.ts'
import { processorName } from '../report/messages/phrases.ts'
import { recordRepairs } from '../review/repairs.ts'
import { overBusinesses } from './over-businesses.ts'
import { actOf, type PersonFlags } from './person.ts'

export type FeesAction = 'set' | 'list'
export interface FeesFlags extends Flags, PersonFlags {
  processor?: string
  account?: string
  currency?: string
}

export const fees = async (
  job: Job,
  action: FeesAction,
  given: readonly string[],
  flags: FeesFlags,
): Promise<Result> => (action === 'list' ? await list(job) : await set(job, given, flags))

type Typed = RowOf<'fees/list', 'note'>

const list = async (job: Job): Promise<Result> => {
  const texts: string[] = []
  const documents: object[] = []
  for (const { id, name } of job.businesses) {
    const typed = await run<Typed>(job.database, 'fees/list', [id])
    const lines = typed.map(
      ({ month, processor, account, currency, amount, by, at, note }) =>
        `${month}  ${[processorName(processor), account].join(' ').trim()}  ${formatMoney(amount, currency)}, typed in by ${by} on ${at.slice(0, 10)}${note === null ? '' : `: "${note}"`}`,
    )
    texts.push(
      [name, ...(lines.length === 0 ? ['no fees were typed in'] : lines).map((line) => `  ${oneLine(line)}`)].join(
        '\n',
      ),
    )
    documents.push(...typed.map(({ amount, ...line }) => ({ business_id: id, ...line, amount: Number(amount) })))
  }
  return { text: texts.join('\n'), document: { schema: 'tieout.fees-list/1', fees: documents } }
}

/** The word that takes an amount back: the lines of the files count again. */
const NONE = 'none'

const set = async (job: Job, given: readonly string[], flags: FeesFlags): Promise<Result> => {
  const [month = '', amount_text = '', ...rest] = given
  if (rest.length > 0 || !isMonth(month))
    throw new UsageFault(`fees set ${given.join(' ')}: expected MONTH AMOUNT, such as 2026-10 123.45`)
  const act = actOf(job, flags)
  const processor = flags.processor?.trim().toUpperCase() ?? ''
  const businesses = job.businesses.filter((business) => business.processors.some(({ name }) => name === processor))
  const [business, ...others] = businesses
  if (business === undefined) {
    const known = [...new Set(job.businesses.flatMap((each) => each.processors.map(({ name }) => name)))]
    throw new UsageFault(`fees set --processor ${processor}: expected one of ${known.join(', ')}`)
  }
  if (others.length > 0)
    throw new UsageFault(
      `fees set: ${businesses.map(({ name }) => name).join(' and ')} have ${processor}: choose one with --business`,
    )
  const account = accountOf(business, processor, flags.account)
  const currency = flags.currency?.trim().toUpperCase() ?? business.currency
  if (!isCurrency(currency)) throw new UsageFault(`--currency ${currency}: expected a currency such as USD`)
  const amount = amount_text.toLowerCase() === NONE ? null : parseMajor(amount_text, currency)
  if (amount_text.toLowerCase() !== NONE && (amount === null || amount < 0n))
    throw new UsageFault(
      `fees set ${month} ${amount_text}: expected what the fees cost in ${currency}, such as 123.45, or ${NONE} to take it back`,
    )
  const tie = tieOf(business, processor, month)
  if (tie !== 'month')
    throw new UsageFault(
      `fees set ${month}: the fees of ${processor} are compared ${tie === 'none' ? 'not at all' : 'refund by refund'} in that month; set fees: [{from: ${month}-01, tie: month}] in tieout.yaml first`,
    )
  return await overBusinesses(job, 'tieout.fees-set/1', [business], async ({ id }, database) => {
    await database.transaction(async (db) => {
      const stored = await run<Typed>(db, 'fees/list', [id])
      const before = stored.find(
        (each) =>
          each.month === month &&
          each.processor === processor &&
          each.account === account &&
          each.currency === currency,
      )
      await count(db, 'fees/set', [
        ...([id, month, processor, account, currency, amount] as const),
        ...([act.by, act.at, act.note] as const),
      ])
      await recordRepairs(db, id, act, [
        {
          ...{ kind: 'fees_set', subject: `fees ${[month, processor, account, currency].filter(Boolean).join(' ')}` },
          ...{
            from_state: before === undefined ? null : String(before.amount),
            to_state: amount === null ? null : String(amount),
          },
          ...{ months: [month], details: {} },
        },
      ])
    })
    const said =
      amount === null ? 'the lines of its files count again' : `the fees are ${formatMoney(amount, currency)}`
    return {
      text: `  ${month}, ${[processorName(processor), account].join(' ').trim()}: ${said}; \`tieout reconcile\` makes up the figures`,
      document: { month, processor, account, currency, amount: amount === null ? null : Number(amount) },
    }
  })
}

const accountOf = ({ processors }: BusinessConfig, processor: string, asked: string | undefined): string => {
  const accounts = processors.filter(({ name }) => name === processor).map(({ account }) => account)
  const [only, ...others] = accounts
  if (asked === undefined && only !== undefined && others.length === 0) return only
  const found = accounts.find((account) => account.toLowerCase() === asked?.trim().toLowerCase())
  if (found !== undefined) return found
  throw new UsageFault(
    `fees set --account ${asked ?? ''}: expected one of ${accounts.map((account) => account || "''").join(', ')}`,
  )
}

/** At which level the configuration compares the fees of a month. */
const tieOf = ({ processors }: BusinessConfig, processor: string, month: string): string =>
  processors
    .find(({ name }) => name === processor)
    ?.fees.filter(({ from }) => from.slice(0, 7) <= month)
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
    .at(-1)?.tie ?? 'per_refund'
