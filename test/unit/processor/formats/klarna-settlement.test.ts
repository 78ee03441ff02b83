import { klarnaSettlement } from '../../../../src/processor/formats/klarna/settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(klarnaSettlement)
