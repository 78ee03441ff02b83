import { adyenSettlementDetails } from '../../../../src/processor/formats/adyen/settlement-details.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(adyenSettlementDetails)
