import { braintreeTransactionSearch } from '../../../../src/processor/formats/braintree/transaction-search.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(braintreeTransactionSearch)
