import { adyenSettlementDetails } from '../../../../src/processor/adyen-settlement-details.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(adyenSettlementDetails)
