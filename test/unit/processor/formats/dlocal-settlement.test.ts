import { dlocalSettlement } from '../../../../src/processor/formats/dlocal/settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(dlocalSettlement)
