import { amazonDateRange } from '../../../../src/processor/formats/amazon/date-range.ts'
import { testFixtures } from '../../../support/format-fixtures.ts'

testFixtures(amazonDateRange)
