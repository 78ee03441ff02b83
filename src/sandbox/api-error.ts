/** Layer's error object, with the types and enums that its documentation lists. */

const API_ERROR_TYPES = [
  ...['ResourceArchived', 'AuthFailure', 'Plaid', 'Stripe', 'InvalidState', 'ResourceNotFound', 'InvalidParameters'],
  ...['JsonSerialization', 'Unknown', 'BadRequest', 'PaginationCursor', 'Conflict', 'LedgerOperationFailed'],
] as const

/** Of the 93 documented ones those that this sandbox answers with. */
const API_ERROR_ENUMS = [
  ...[
    'BillStateError',
    'DoesNotMatchExistingEntity',
    'ExternalIdConflict',
    'InvalidPaginationCursor',
    'InvalidPayload',
  ],
  ...['InvoiceDeleted', 'InvoiceNotFound', 'InvoiceStateError', 'ManualRateLimit', 'PeriodIsClosed'],
  ...['QueryParamFormat', 'ResourceArchived', 'SpecifiedBadRequest', 'SpecifiedIdNotFound', 'UnexpectedQueryParam'],
] as const

export type ApiErrorType = (typeof API_ERROR_TYPES)[number]
export type ApiErrorEnum = (typeof API_ERROR_ENUMS)[number]

/** A request that is answered with an error; caught once, where the answer is written. */
export class ApiRefusal extends Error {
  override readonly name = 'API_REFUSAL'
  readonly status: number
  readonly type: ApiErrorType
  readonly error_enum: ApiErrorEnum | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    type: ApiErrorType,
    error_enum: ApiErrorEnum | null,
    description: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(description)
    this.status = status
    this.type = type
    this.error_enum = error_enum
    this.headers = headers
  }
}

/** As documented: error_enum only with 4xx, and none with a 401. */
export const errorBody = (refusal: ApiRefusal): object => ({
  type: refusal.type,
  description: refusal.message,
  ...(refusal.error_enum === null ? {} : { error_enum: refusal.error_enum }),
  meta: null,
})

export const invalid = (description: string): ApiRefusal =>
  new ApiRefusal(400, 'InvalidParameters', 'InvalidPayload', description)

export const notFound = (
  description: string,
  error_enum: 'SpecifiedIdNotFound' | 'InvoiceNotFound' = 'SpecifiedIdNotFound',
): ApiRefusal => new ApiRefusal(404, 'ResourceNotFound', error_enum, description)
