import { ebayTransactions } from '../../../../src/processor/formats/ebay/transactions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(ebayTransactions)
