import { amazonPaySettlement } from '../../../../src/processor/formats/amazon/pay-settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(amazonPaySettlement)
