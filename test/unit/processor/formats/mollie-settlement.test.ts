import { mollieSettlement } from '../../../../src/processor/mollie-settlement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(mollieSettlement)
