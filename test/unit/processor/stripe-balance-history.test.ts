import { stripeBalanceHistory } from '../../../src/processor/formats/stripe/balance-history.ts'
import { testFixtures } from '../../support/format-fixtures.ts'

testFixtures(stripeBalanceHistory)
