import { formatMajor } from '../core/money.ts'

/** Minor units in the major unit as a number without grouping: (-123450n, 'USD') is '-1234.50'. */
export const decimal = (minor: bigint, currency: string): string => formatMajor(minor, currency).replaceAll(',', '')
