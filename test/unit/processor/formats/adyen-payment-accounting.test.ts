import { adyenPaymentAccounting } from '../../../../src/processor/adyen-payment-accounting.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(adyenPaymentAccounting)
