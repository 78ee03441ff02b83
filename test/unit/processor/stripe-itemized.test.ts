import { stripeItemized } from '../../../src/processor/formats/stripe/itemized.ts'
import { testFixtures } from '../../support/format-fixtures.ts'

testFixtures(stripeItemized)
