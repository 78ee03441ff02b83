import { affirmSettlement } from '../../../../src/processor/formats/affirm/settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(affirmSettlement)
