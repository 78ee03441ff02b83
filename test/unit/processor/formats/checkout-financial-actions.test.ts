import { checkoutFinancialActions } from '../../../../src/processor/checkout-financial-actions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(checkoutFinancialActions)
