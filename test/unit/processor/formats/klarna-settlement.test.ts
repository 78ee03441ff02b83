import { klarnaSettlement } from '../../../../src/processor/klarna-settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(klarnaSettlement)
