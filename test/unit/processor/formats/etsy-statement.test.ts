import { etsyStatement } from '../../../../src/processor/formats/etsy/statement.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(etsyStatement)
