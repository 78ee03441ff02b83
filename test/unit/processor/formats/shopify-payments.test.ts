import { shopifyPayments } from '../../../../src/processor/formats/shopify/payments.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(shopifyPayments)
