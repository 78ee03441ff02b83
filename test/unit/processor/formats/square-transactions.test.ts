import { squareTransactions } from '../../../../src/processor/formats/square/transactions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(squareTransactions)
