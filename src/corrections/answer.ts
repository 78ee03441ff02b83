/** What Layer made of a correction, compared with what was meant; and its refusals, as an accountant understands them. */

import { parseInstant } from '../core/instant.ts'
import { formatMoney } from '../core/money.ts'
import { describeAnswer, type LayerFailure } from '../ledger/layer-api/failure.ts'
import type { LayerRefund } from '../ledger/layer-api/refund.ts'
import type { Correction, Target } from './store.ts'

type Payment = NonNullable<LayerRefund['payments']>[number]
type Meant = Pick<
  Correction,
  | 'external_id'
  | 'amount'
  | 'refund_fee'
  | 'returned_fee'
  | 'currency'
  | 'completed_at'
  | 'target'
  | 'direction'
  | 'processor'
>

const sum = (amounts: readonly (number | null | undefined)[]): bigint =>
  amounts.reduce<bigint>((total, amount) => total + BigInt(amount ?? 0), 0n)

const returned = ({ refunded_payment_fees }: Payment): (number | null | undefined)[] =>
  (refunded_payment_fees ?? []).map(({ fee_amount }) => fee_amount)

/** How the refund in Layer differs from the one meant, in words; nothing where it is the same. */
export const differences = (meant: Meant, refund: LayerRefund): string[] => {
  const payments = refund.payments ?? []
  const money = (minor: bigint): string => formatMoney(minor, meant.currency)
  const said: string[] = []
  const compare = (what: string, should: bigint, is: bigint): void => {
    if (should !== is) said.push(`${what} is ${money(is)} in Layer, and should be ${money(should)}`)
  }
  if (!externalIds(refund).includes(meant.external_id))
    said.push(`the external id is ${refund.external_id ?? 'empty'} in Layer, and should be ${meant.external_id}`)
  compare('the amount', meant.amount, BigInt(refund.refunded_amount))
  if (payments.length === 0) {
    said.push('it has no payment in Layer, so that nothing can be matched with it: add the payment there')
    return said
  }
  const paid = sum(payments.map(({ refunded_amount }) => refunded_amount))
  if (paid !== BigInt(refund.refunded_amount)) compare('the amount of its payments', meant.amount, paid)
  compare('the refund fee', meant.refund_fee, sum(payments.map((each) => each.fee ?? each.refund_processing_fee)))
  compare('the returned fee', meant.returned_fee, sum(payments.flatMap(returned)))
  const dated = (refund.payments?.[0]?.completed_at ?? refund.completed_at ?? '').trim()
  if (millis(dated) !== millis(meant.completed_at))
    said.push(`its date is ${dated || 'missing'} in Layer, and should be ${meant.completed_at}`)
  return [...said, ...otherProcessor(meant, payments), ...otherTarget(meant.target, refund)]
}

const millis = (text: string): number | null => parseInstant(text)?.millis ?? null

const otherProcessor = ({ processor }: Meant, payments: readonly Payment[]): string[] => {
  const named = [...new Set(payments.map((each) => each.processor?.trim().toUpperCase() ?? ''))]
  return named.length === 1 && named[0] === processor
    ? []
    : [`its processor is ${named.map((name) => name || 'missing').join(', ')} in Layer, and should be ${processor}`]
}

const otherTarget = (target: Target | null, refund: LayerRefund): string[] =>
  Object.entries(target ?? {}).flatMap(([field, should]) => {
    const named = (refund.allocations ?? []).flatMap((allocation) => {
      const is: unknown = allocation[field]
      return typeof is === 'string' ? is : []
    })
    const same = named.length === 0 || named.some((is) => is.toLowerCase() === should.toLowerCase())
    return same ? [] : [`it refunds ${field} ${named.join(', ')} in Layer, and should refund ${should}`]
  })

/** By which a refund in Layer is known: its own, and its payment's where it has just one. */
export const externalIds = ({ external_id, payments }: LayerRefund): string[] => [
  ...(external_id ? [external_id] : []),
  ...(payments?.length === 1 && payments[0]?.external_id ? [payments[0].external_id] : []),
]

const ANOTHER_TARGET = 'give the right one with `corrections propose ID`, have it approved and post again'

const nameOf = (target: Target | null): string =>
  Object.entries(target ?? {})
    .map(([field, value]) => `${field} ${value}`)
    .join(', ')

/** By Layer's stable names of errors: what it means and what to do. */
const SENTENCES: Readonly<Record<string, (meant: Meant) => string>> = {
  PeriodIsClosed: ({ completed_at }) =>
    `the books of ${completed_at.slice(0, 10)} are closed in Layer: reopen that period there and post again, or enter the refund by hand in an open one`,
  InvoiceNotFound: ({ target }) => `Layer has no invoice ${target?.['invoice_id'] ?? ''}: ${ANOTHER_TARGET}`,
  InvoiceDeleted: ({ target }) => `invoice ${target?.['invoice_id'] ?? ''} was deleted in Layer: ${ANOTHER_TARGET}`,
  InvoiceStateError: ({ amount, currency }) =>
    `the invoice cannot be refunded by ${formatMoney(amount, currency)}: look in Layer whether it is paid and what was refunded of it already`,
  InvoiceReferenceMismatch: () => `what was given for the invoice names different invoices: ${ANOTHER_TARGET}`,
  BillStateError: ({ target }) =>
    `nothing is left to refund of ${nameOf(target)}: look in Layer whether it is paid and what was refunded of it already`,
  SpecifiedIdNotFound: ({ target }) => `Layer does not know ${nameOf(target)}, or not this business: ${ANOTHER_TARGET}`,
  DoesNotMatchExistingEntity: ({ target }) =>
    `Layer has something else under these ids (${nameOf(target)}): ${ANOTHER_TARGET}`,
  ResourceArchived: ({ target }) => `${nameOf(target)} is archived in Layer: restore it there, or ${ANOTHER_TARGET}`,
  ExternalIdConflict: ({ external_id }) =>
    `another refund in Layer has the external id ${external_id}: look at it there; if it is this refund, correct it there and reject this correction`,
  InvalidEffectiveDate: ({ completed_at }) =>
    `Layer does not take the date ${completed_at.slice(0, 10)}: look whether it lies before the payment of what is refunded`,
  InvalidLedgerOperation: () => 'the entry would not be valid in the ledger: look in Layer at what is refunded',
  InvalidPayload: () => 'Layer does not take the request as it is: look at it with `corrections post --dry-run`',
  CantUpdateTransactionInCustomerPayout: () =>
    'it is part of a payout in Layer and cannot be changed: enter it by hand',
  CantUpdateTransactionInVendorPayout: () => 'it is part of a payout in Layer and cannot be changed: enter it by hand',
}

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'Layer does not accept the credentials: check layer.token (or client_id and client_secret) in tieout.yaml',
  403: 'these credentials may not create refunds of this business: ask for the right in Layer',
}

/** Layer's words are an open list: one may be the name of something that every object has. */
const sentenceOf = (name: string): ((meant: Meant) => string) | undefined =>
  Object.hasOwn(SENTENCES, name) ? SENTENCES[name] : undefined

/** A refusal, in a sentence that says what to do, with Layer's own words behind it. */
export const refusalSentence = (meant: Meant, failure: LayerFailure): string => {
  const own = failure.api_errors.length === 0 ? '' : ` (Layer: ${describeAnswer(failure.api_errors, '')})`
  for (const { error_enum, type } of failure.api_errors) {
    const sentence = sentenceOf(error_enum ?? '') ?? sentenceOf(type)
    if (sentence) return `${sentence(meant)}${own}`
  }
  const by_status = BY_STATUS[failure.status ?? 0]
  return by_status ? `${by_status}${own}` : `Layer refused it: ${failure.message}`
}
