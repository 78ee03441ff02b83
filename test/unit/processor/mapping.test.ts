import type { MappingConfig } from '../../../src/config.ts'
import { mappingFormat } from '../../../src/processor/mapping.ts'
import { isJson, type Json, testVariants } from '../../support/format-fixtures.ts'

const NO_COLUMNS: MappingConfig['columns'] = {
  transaction_id: null,
  type: null,
  refund_id: null,
  payment_id: null,
  references: [],
  amount: 'Amount',
  fee: null,
  returned_fee: null,
  currency: null,
  occurred_at: 'Date',
}

const PLAIN: MappingConfig = {
  delimiter: ',',
  columns: NO_COLUMNS,
  types: { Refund: 'refund', 'Refund failed': 'refund_reversal', 'Vendor credit': 'vendor_refund', Payment: 'payment' },
  amount_unit: 'major',
  refund_sign: 'negative',
  vendor_refund_sign: 'negative',
  fee_sign: 'positive',
  date_format: 'yyyy-MM-dd HH:mm:ss',
  time_zone: 'UTC',
  refund_id_pattern: null,
}

const jsonOf = (value: unknown): Json => (isJson(value) ? value : {})

/** context.json says under "mapping" what differs from the plain mapping. */
testVariants('mapping', (settings) => {
  const { columns, ...rest } = jsonOf(settings['mapping'])
  return mappingFormat({ ...PLAIN, ...rest, columns: { ...NO_COLUMNS, ...jsonOf(columns) } }, 'BILLPAY')
})
