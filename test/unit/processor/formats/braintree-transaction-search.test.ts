import { braintreeTransactionSearch } from '../../../../src/processor/braintree-transaction-search.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(braintreeTransactionSearch)
