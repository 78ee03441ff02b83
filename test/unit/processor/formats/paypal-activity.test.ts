import { paypalActivity } from '../../../../src/processor/formats/paypal/activity.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(paypalActivity)
