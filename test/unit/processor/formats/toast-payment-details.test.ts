import { toastPaymentDetails } from '../../../../src/processor/formats/toast/payment-details.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(toastPaymentDetails)
