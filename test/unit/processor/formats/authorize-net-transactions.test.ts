import { authorizeNetTransactions } from '../../../../src/processor/formats/authorize-net/transactions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(authorizeNetTransactions)
