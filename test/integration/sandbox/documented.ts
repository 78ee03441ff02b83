/** The shapes that Layer's three pages document, field by field, and a check of a value against them. */

type Shape = 'text' | 'text or null' | 'uuid' | 'cents' | 'instant' | 'object' | readonly [Fields] | Fields | Nullable

export interface Fields {
  readonly [field: string]: Shape
}

/** An object or null. */
interface Nullable {
  readonly nullable: Fields
}

const nullable = (fields: Fields): Nullable => ({ nullable: fields })

const customerTag: Fields = {
  id: 'uuid',
  key: 'text',
  value: 'text',
  created_at: 'instant',
  updated_at: 'instant',
  deleted_at: 'text or null',
}

const vendorTag: Fields = {
  id: 'uuid',
  key: 'text',
  value: 'text',
  display_name: 'text or null',
  dimension_id: 'uuid',
  definition_id: 'uuid',
  archived_at: 'text or null',
}

const accountId: Fields = { type: 'text', id: 'text' }

const account: Fields = {
  id: accountId,
  name: 'text',
  stable_name: { type: 'text', stable_name: 'text' },
  normality: 'text',
  account_type: { value: 'text', display_name: 'text' },
  account_subtype: { value: 'text', display_name: 'text' },
}

const party: Fields = {
  id: 'text',
  external_id: 'text or null',
  individual_name: 'text or null',
  company_name: 'text or null',
  email: 'text or null',
  mobile_phone: 'text or null',
  office_phone: 'text or null',
  address_string: 'text or null',
  status: 'text',
}

const described: Fields = { memo: 'text or null', metadata: 'object', reference_number: 'text or null' }

/** A refund as "List invoice refunds" shows it. */
export const INVOICE_REFUND: Fields = {
  id: 'uuid',
  external_id: 'text or null',
  refunded_amount: 'cents',
  status: 'text',
  completed_at: 'instant',
  allocations: [
    {
      id: 'uuid',
      invoice_id: 'text',
      amount: 'cents',
      account_identifier: accountId,
      invoice_external_id: 'text or null',
      invoice_line_item_id: 'text or null',
      invoice_line_item_external_id: 'text or null',
      invoice_payment_id: 'text or null',
      invoice_payment_external_id: 'text or null',
      customer: nullable({ ...party, notes: 'text or null', transaction_tags: [customerTag] }),
      transaction_tags: [customerTag],
    },
  ],
  payments: [
    {
      id: 'uuid',
      external_id: 'text or null',
      refunded_amount: 'cents',
      fee: 'cents',
      completed_at: 'instant',
      method: 'text',
      processor: 'text or null',
      refunded_payment_fees: [{ account: accountId, description: 'text or null', fee_amount: 'cents' }],
      transaction_tags: [customerTag],
    },
  ],
  transaction_tags: [customerTag],
}

/** A refund as "Create vendor refund" answers with it. */
export const VENDOR_REFUND: Fields = {
  id: 'uuid',
  external_id: 'text or null',
  refunded_amount: 'cents',
  status: 'text',
  completed_at: 'instant',
  allocations: [
    {
      id: 'uuid',
      bill_id: 'text',
      amount: 'cents',
      line_items: [
        {
          external_id: 'text or null',
          amount: 'cents',
          ledger_account: account,
          prepayment_account: nullable(account),
          transaction_tags: [vendorTag],
          ...described,
        },
      ],
      bill_external_id: 'text or null',
      bill_line_item_id: 'text or null',
      bill_line_item_external_id: 'text or null',
      bill_payment_id: 'text or null',
      bill_payment_external_id: 'text or null',
      vendor: nullable({ ...party, memo: 'text or null', transaction_tags: [vendorTag] }),
      transaction_tags: [vendorTag],
      ...described,
    },
  ],
  payments: [
    {
      id: 'uuid',
      external_id: 'text or null',
      refunded_amount: 'cents',
      refund_processing_fee: 'cents',
      completed_at: 'instant',
      method: 'text',
      processor: 'text or null',
      payment_clearing_account: account,
      transaction_tags: [vendorTag],
      ...described,
    },
  ],
  transaction_tags: [vendorTag],
  ...described,
}

/** ApiErrorType of the page "Create dedicated refund on invoice". */
export const ERROR_TYPES = [
  ...['ResourceArchived', 'AuthFailure', 'Plaid', 'Stripe', 'InvalidState', 'ResourceNotFound', 'InvalidParameters'],
  ...['JsonSerialization', 'Unknown', 'BadRequest', 'PaginationCursor', 'Conflict', 'LedgerOperationFailed'],
]

/** Of the page's ApiEnumErrorType those that have to do with refunds. */
export const ERROR_ENUMS = [
  ...[
    'ExternalIdConflict',
    'DoesNotMatchExistingEntity',
    'InvalidPaginationCursor',
    'InvalidPayload',
    'InvoiceDeleted',
  ],
  ...['InvoiceNotFound', 'InvoiceReferenceMismatch', 'InvoiceStateError', 'BillStateError', 'PeriodIsClosed'],
  ...[
    'InvalidLedgerOperation',
    'InvalidEffectiveDate',
    'QueryParamFormat',
    'QueryParamMissing',
    'UnexpectedQueryParam',
  ],
  ...['ConflictingQueryParams', 'ResourceArchived', 'SpecifiedBadRequest', 'SpecifiedIdNotFound', 'ManualRateLimit'],
]

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNullable = (shape: object): shape is Nullable => 'nullable' in shape

const isList = (shape: object): shape is readonly [Fields] => Array.isArray(shape)

/** Every place at which a value is not as documented: a field missing or of another type. More fields are fine. */
export function differences(value: unknown, shape: Shape, place = 'the refund'): string[] {
  const wrong = (expected: string): string[] => [`${place}: found ${JSON.stringify(value)}, expected ${expected}`]
  if (typeof shape === 'string') {
    if (shape === 'object') return isObject(value) ? [] : wrong('an object')
    if (shape === 'cents')
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? [] : wrong('cents')
    if (shape === 'text or null') return value === null || typeof value === 'string' ? [] : wrong('text or null')
    if (typeof value !== 'string') return wrong(shape)
    if (shape === 'uuid') return UUID.test(value) ? [] : wrong('a uuid')
    return shape === 'instant' && Number.isNaN(Date.parse(value)) ? wrong('an instant') : []
  }
  if (isNullable(shape)) return value === null ? [] : differences(value, shape.nullable, place)
  if (isList(shape)) {
    const [element] = shape
    if (!Array.isArray(value)) return wrong('a list')
    return value.flatMap((each, index) => differences(each, element, `${place}[${index}]`))
  }
  if (!isObject(value)) return wrong('an object')
  return Object.entries(shape).flatMap(([field, of_field]) => differences(value[field], of_field, `${place}.${field}`))
}
