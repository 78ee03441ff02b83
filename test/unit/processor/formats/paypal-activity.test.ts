import { paypalActivity } from '../../../../src/processor/paypal-activity.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(paypalActivity)
