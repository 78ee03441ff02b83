import { mappingFormat } from '../../../src/processor/formats/mapping/mapping.ts'
import { isJson, type Json, testVariants } from '../../support/format-fixtures.ts'
import { PLAIN_MAPPING } from '../../support/plain-config.ts'

const jsonOf = (value: unknown): Json => (isJson(value) ? value : {})

/** context.json says under "mapping" what differs from the plain mapping. */
testVariants('mapping', (settings) => {
  const { columns, ...rest } = jsonOf(settings['mapping'])
  return mappingFormat(
    { ...PLAIN_MAPPING, ...rest, columns: { ...PLAIN_MAPPING.columns, ...jsonOf(columns) } },
    'BILLPAY',
  )
})
