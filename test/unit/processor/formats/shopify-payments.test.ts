import { shopifyPayments } from '../../../../src/processor/shopify-payments.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(shopifyPayments)
