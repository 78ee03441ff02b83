import { paypalStl } from '../../../../src/processor/paypal-stl.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(paypalStl)
