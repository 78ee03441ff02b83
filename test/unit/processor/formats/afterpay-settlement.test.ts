import { afterpaySettlement } from '../../../../src/processor/formats/afterpay/settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(afterpaySettlement)
