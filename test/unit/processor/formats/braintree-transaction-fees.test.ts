import { braintreeTransactionFees } from '../../../../src/processor/formats/braintree/transaction-fees.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(braintreeTransactionFees)
