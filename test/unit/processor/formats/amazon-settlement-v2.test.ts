import { amazonSettlementV2 } from '../../../../src/processor/formats/amazon/settlement-v2.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(amazonSettlementV2)
