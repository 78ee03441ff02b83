import { paypalTrr } from '../../../../src/processor/formats/paypal/trr.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(paypalTrr)
