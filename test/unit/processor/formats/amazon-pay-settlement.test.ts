import { amazonPaySettlement } from '../../../../src/processor/amazon-pay-settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(amazonPaySettlement)
