import { woopaymentsTransactions } from '../../../../src/processor/formats/woopayments/transactions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(woopaymentsTransactions)
