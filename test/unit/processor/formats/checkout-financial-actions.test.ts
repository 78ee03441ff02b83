import { checkoutFinancialActions } from '../../../../src/processor/formats/checkout/financial-actions.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(checkoutFinancialActions)
