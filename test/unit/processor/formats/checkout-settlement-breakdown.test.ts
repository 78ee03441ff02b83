import { checkoutSettlementBreakdown } from '../../../../src/processor/formats/checkout/settlement-breakdown.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(checkoutSettlementBreakdown)
