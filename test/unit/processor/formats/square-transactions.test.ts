import { squareTransactions } from '../../../../src/processor/square-transactions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(squareTransactions)
