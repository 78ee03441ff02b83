import { mollieSettlement } from '../../../../src/processor/formats/mollie/settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(mollieSettlement)
