import { adyenPaymentAccounting } from '../../../../src/processor/formats/adyen/payment-accounting.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(adyenPaymentAccounting)
