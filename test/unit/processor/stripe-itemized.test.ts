import { stripeItemized } from '../../../src/processor/stripe-itemized.ts'
import { testFixtures } from '../../support/format-fixtures.ts'

testFixtures(stripeItemized)
