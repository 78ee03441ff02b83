import { paypalTrr } from '../../../../src/processor/paypal-trr.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(paypalTrr)
