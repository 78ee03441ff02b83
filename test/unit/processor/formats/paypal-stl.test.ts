import { paypalStl } from '../../../../src/processor/formats/paypal/stl.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(paypalStl)
